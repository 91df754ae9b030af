/** What a document of a resource file consists of: JSON's values, with integers beyond 2^53 as BigInt. */
export type YamlValue = null | boolean | number | bigint | string | readonly YamlValue[] | YamlMap;

export interface YamlMap {
  readonly [key: string]: YamlValue;
}

export function isMap(value: YamlValue | undefined): value is YamlMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
