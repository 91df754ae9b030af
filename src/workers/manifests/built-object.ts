import type { YamlMap } from '../../shared/yaml/yaml-value.ts';

/** One object of a render, not yet checked, and where it came from as a message tells it. */
export interface BuiltObject {
  readonly object: YamlMap;
  readonly origin: string;
}
