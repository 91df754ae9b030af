import { keys, labelValue } from '../../shared/labels.ts';
import type { BuildInput } from '../../shared/protocol/tasks.ts';
import type { YamlMap } from '../../shared/yaml/yaml-value.ts';
import type { IdentifiedObject } from './identity.ts';

const serverSetMetadata: ReadonlySet<string> = new Set([
  'creationTimestamp',
  'generation',
  'managedFields',
  'resourceVersion',
  'selfLink',
  'uid',
]);

/** The labels by which an object is found again, the same for every object of a stage; an action's are nobody's. */
export function ownerLabels({ owner, applySetId, action }: BuildInput): Readonly<Record<string, string>> {
  if (action !== undefined) return {};
  return {
    [keys.ownerName]: labelValue(owner.name),
    [keys.ownerNamespace]: labelValue(owner.namespace),
    [keys.stage]: labelValue(owner.stage),
    ...(applySetId !== undefined && { [keys.applySetPartOf]: applySetId }),
  };
}

/** The object as it is sent: ours by its labels, in `namespace`, without what only the server sets. */
export function stamped(
  identified: IdentifiedObject,
  namespace: string | undefined,
  labels: Readonly<Record<string, string>>,
): YamlMap {
  const { status: _, ...desired } = identified.object;
  const kept = Object.entries(identified.metadata).filter(
    ([key]) => !serverSetMetadata.has(key) && key !== 'namespace',
  );
  return {
    ...desired,
    metadata: {
      ...Object.fromEntries(kept),
      ...(namespace !== undefined && { namespace }),
      ...(identified.metadata.annotations !== undefined && { annotations: identified.annotations }),
      labels: { ...identified.labels, ...labels },
    },
  };
}
