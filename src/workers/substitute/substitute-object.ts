import { printYaml } from '../../shared/go-yaml/print-yaml.ts';
import { readYaml, SubstitutedYamlError } from '../../shared/go-yaml/read-yaml.ts';
import { HeapRoom } from '../../shared/heap-room.ts';
import { isMap, type YamlMap, type YamlValue } from '../../shared/yaml/yaml-value.ts';
import { exactFromBytes } from './byte-text.ts';
import { Effort } from './effort.ts';
import { evaluate } from './evaluate.ts';
import { parseTemplate } from './template.ts';
import type { Variables } from './variables.ts';

const SWITCH = 'kustomize.toolkit.fluxcd.io/substitute';

/**
 * The object with its `${…}` replaced, as Flux does it: on the object's YAML, which is then read as YAML 1.1.
 * Promises: an object without `${`, or one that opted out, comes back as it is, as does every object while no variable
 * is defined. Throws an error of one of this folder's classes; it quotes no value.
 */
export function substituteObject(object: YamlMap, variables: Variables, room: HeapRoom = new HeapRoom()): YamlMap {
  if (variables.size === 0 || !holdsReference(object) || hasOptedOut(object)) return object;
  const text = evaluate(parseTemplate(printYaml(object)), variables, new Effort());
  const characters = exactFromBytes(text);
  if (characters === undefined) throw new SubstitutedYamlError('a character was cut in two');
  const substituted = readYaml(characters, room);
  if (!isMap(substituted)) throw new SubstitutedYamlError('the result is no map');
  return substituted;
}

function holdsReference(value: YamlValue): boolean {
  if (typeof value === 'string') return value.includes('${');
  if (Array.isArray(value)) return value.some(holdsReference);
  return isMap(value) && Object.entries(value).some(([key, item]) => key.includes('${') || holdsReference(item));
}

function hasOptedOut({ metadata }: YamlMap): boolean {
  if (!isMap(metadata)) return false;
  return [metadata.labels, metadata.annotations].some((marks) => isMap(marks) && marks[SWITCH] === 'disabled');
}
