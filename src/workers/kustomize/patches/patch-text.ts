import type { HeapRoom } from '../../../shared/heap-room.ts';
import { parseYaml11 } from '../kustomization/yaml11.ts';
import { Problem } from '../problem.ts';
import { type ReadObject, readObjects } from '../resources/read-resources.ts';
import { asJsonPatch, type JsonPatch } from './json-patch.ts';

/** What a patch's text turns out to be. */
export type ParsedPatch =
  | { readonly is: 'strategic merge'; readonly objects: readonly ReadObject[] }
  | { readonly is: 'JSON patch'; readonly operations: JsonPatch };

/** Objects make a strategic merge patch, a list of operations a JSON patch. */
export function parsePatch(text: string, room: HeapRoom): ParsedPatch {
  try {
    return { is: 'strategic merge', objects: readObjects(text, room, 'it') };
  } catch (strategic) {
    if (!(strategic instanceof Problem)) throw strategic;
    try {
      return { is: 'JSON patch', operations: parseJsonPatch(text, room) };
    } catch (json) {
      if (!(json instanceof Problem)) throw json;
      throw new Problem(
        'syntax',
        `neither a strategic merge patch (${strategic.message}) nor a JSON patch (${json.message})`,
      );
    }
  }
}

/** What begins with a bracket must be JSON, everything else is read as YAML. */
export function parseJsonPatch(text: string, room: HeapRoom): JsonPatch {
  if (text === '') throw new Problem('syntax', 'a patch is empty');
  const isJson = text.startsWith('[');
  if (isJson) refuseNoJson(text);
  return asJsonPatch(parseYaml11(text, room, { isJson }));
}

function refuseNoJson(text: string): void {
  try {
    JSON.parse(text);
  } catch {
    throw new Problem('syntax', 'a patch begins like JSON, and is none');
  }
}
