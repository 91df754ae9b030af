import { keys } from '../../shared/labels.ts';
import { isMap, type YamlMap, type YamlValue } from '../../shared/yaml/yaml-value.ts';

/** What the server writes, and kubectl for its own use. */
const serverSet: ReadonlySet<string> = new Set([
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'generation',
  'managedFields',
  'resourceVersion',
  'selfLink',
  'uid',
]);
const lastApplied: ReadonlySet<string> = new Set(['kubectl.kubernetes.io/last-applied-configuration']);

const ownLabels: ReadonlySet<string> = new Set([keys.ownerName, keys.ownerNamespace, keys.stage, keys.applySetPartOf]);

/** An object without what no manifest says. */
export function withoutNoise({ status: _, ...object }: YamlMap): YamlMap {
  return withMetadata(object, (metadata) => without(without(metadata, serverSet), lastApplied, 'annotations'));
}

/** The same without the labels that we give it: what is created has them, whatever it is. */
export function withoutOwnLabels(object: YamlMap): YamlMap {
  return withMetadata(object, (metadata) => without(metadata, ownLabels, 'labels'));
}

function withMetadata(object: YamlMap, change: (metadata: YamlMap) => YamlMap): YamlMap {
  return isMap(object.metadata) ? { ...object, metadata: change(object.metadata) } : object;
}

/** Of the map, or of the one that this field of it holds; a field that is left empty goes as well. */
function without(map: YamlMap, names: ReadonlySet<string>, field?: string): YamlMap {
  if (field === undefined) return filtered(map, names);
  const { [field]: inner, ...rest } = map;
  if (!isMap(inner)) return map;
  const left = filtered(inner, names);
  return Object.keys(left).length === 0 ? rest : { ...map, [field]: left };
}

function filtered(map: YamlMap, names: ReadonlySet<string>): Record<string, YamlValue> {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !names.has(key)));
}
