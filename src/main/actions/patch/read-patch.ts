import { HeapRoom } from '../../../shared/heap-room.ts';
import { parseResources } from '../../../shared/yaml/parse-resources.ts';
import type { YamlValue } from '../../../shared/yaml/yaml-value.ts';

export interface Operation {
  readonly op: string;
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}

/** Validation has found one object in it. */
export function readMergePatch(text: string): YamlValue {
  return onlyDocument(text);
}

/** Validation has found one list of operations in it. */
export function readJsonPatch(text: string): readonly Operation[] {
  return onlyDocument(text) as unknown as readonly Operation[];
}

function onlyDocument(text: string): YamlValue {
  const [document = null] = parseResources(text, new HeapRoom()).filter((each) => each !== null);
  return document;
}
