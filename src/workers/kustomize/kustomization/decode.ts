import { isMap, type YamlMap, type YamlValue } from '../../../shared/yaml/yaml-value.ts';
import { Problem } from '../problem.ts';

/** Reads a value that stands at `path`. */
export type Decoder<T> = (value: YamlValue, path: string, options: DecodeOptions) => T;

export interface DecodeOptions {
  /** Whether a field that is not known is a mistake, rather than nothing. */
  readonly strict: boolean;
  /** Whether a number or truth value may stand where text is wanted. */
  readonly lenientText: boolean;
}

/** As kustomize reads its own file. */
export const strictly: DecodeOptions = { strict: true, lenientText: false };
/** As it reads what a plugin or a replacement file says, and Flux the root's file. */
export const leniently: DecodeOptions = { strict: false, lenientText: true };

export const text: Decoder<string> = (value, path, { lenientText }) => {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (lenientText && typeof value !== 'object') return String(value);
  throw mistyped(path, 'text', value);
};

export const truth: Decoder<boolean> = (value, path) => {
  if (value === null) return false;
  if (typeof value === 'boolean') return value;
  throw mistyped(path, 'true or false', value);
};

export const integer: Decoder<number | bigint> = (value, path) => {
  if (value === null) return 0;
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value))) return value;
  throw mistyped(path, 'a whole number', value);
};

export const anything: Decoder<YamlValue> = (value) => value;

export function listOf<T>(item: Decoder<T>): Decoder<readonly T[]> {
  return (value, path, options) => {
    if (value === null) return [];
    if (!Array.isArray(value)) throw mistyped(path, 'a list', value);
    return value.map((each: YamlValue, index) => item(each, `${path}[${index}]`, options));
  };
}

export function mapOf<T>(item: Decoder<T>): Decoder<ReadonlyMap<string, T>> {
  return (value, path, options) => {
    if (value === null) return new Map();
    if (!isMap(value)) throw mistyped(path, 'a map', value);
    return new Map(Object.entries(value).map(([key, each]) => [key, item(each, `${path}.${key}`, options)]));
  };
}

type Decoded<F> = { readonly [K in keyof F]?: F[K] extends Decoder<infer T> ? T : never };

/** Fields that are not there, or null, are left out; upper and lower case are the same in their names. */
export function struct<F extends Readonly<Record<string, Decoder<unknown>>>>(fields: F): Decoder<Decoded<F>> {
  const byFoldedName = new Map(Object.keys(fields).map((name) => [name.toLowerCase(), name]));
  return (value, path, options) => {
    const decoded: Record<string, unknown> = {};
    if (value === null) return decoded as Decoded<F>;
    if (!isMap(value)) throw mistyped(path, 'a map', value);
    for (const key of Object.keys(value).toSorted()) {
      const name = Object.hasOwn(fields, key) ? key : byFoldedName.get(key.toLowerCase());
      const decoder = name === undefined ? undefined : fields[name];
      if (name === undefined || decoder === undefined) {
        if (options.strict) throw new Problem('configuration', `unknown field ${JSON.stringify(inside(path, key))}`);
      } else if (value[key] !== null) {
        decoded[name] = decoder((value as YamlMap)[key] as YamlValue, inside(path, name), options);
      }
    }
    return decoded as Decoded<F>;
  };
}

export type DecodedBy<D> = D extends Decoder<infer T> ? T : never;

function inside(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function mistyped(path: string, wanted: string, value: YamlValue): Problem {
  const found = Array.isArray(value) ? 'a list' : isMap(value) ? 'a map' : `a ${typeof value}`;
  return new Problem('configuration', `${path === '' ? 'the file' : path} must be ${wanted}, not ${found}`);
}
