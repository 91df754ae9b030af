import type { ObjectMeta } from '../../shared/objects/object.ts';
import { isMap } from '../../shared/yaml/yaml-value.ts';
import { RuntimeError } from '../cli-error.ts';
import type { Input } from './input.ts';

/** Written by machines about this very object: worth nothing to another. */
const bookkeeping =
  /^(?:kubectl\.kubernetes\.io\/|reconcile\.fluxcd\.io\/|kustomize\.toolkit\.fluxcd\.io\/|argocd\.argoproj\.io\/(?:refresh|hydrate|tracking-id|instance)$)/;

const ofServer = [
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'ownerReferences',
  'selfLink',
  'generateName',
  'finalizers',
];

/** Name and namespace (this one, where it has none), and those labels and annotations that say something about a StageSet as well. */
export function metadataOf(input: Input, namespace: string | undefined, foreign = /^$/): ObjectMeta {
  const metadata = input.part('metadata');
  const name = metadata?.text('name');
  if (metadata === undefined || name === undefined || name === '') throw new RuntimeError('metadata.name is missing');
  const own = metadata.text('namespace');
  for (const field of ofServer) metadata.take(field);
  const labels = keptOf(metadata, 'labels', foreign);
  const annotations = keptOf(metadata, 'annotations', foreign);
  const place = own ?? namespace;
  return {
    name,
    ...(place !== undefined && { namespace: place }),
    ...(labels !== undefined && { labels }),
    ...(annotations !== undefined && { annotations }),
  };
}

function keptOf(metadata: Input, field: string, foreign: RegExp): Readonly<Record<string, string>> | undefined {
  const given = metadata.take(field);
  if (!isMap(given)) return undefined;
  const kept = Object.entries(given).filter(([key]) => {
    if (bookkeeping.test(key)) return false;
    if (!foreign.test(key)) return true;
    metadata.note(`${field}[${key}]`, ['it speaks to the other tool only', 'see what of it you still need']);
    return false;
  });
  return kept.length === 0 ? undefined : Object.fromEntries(kept.map(([key, value]) => [key, String(value)]));
}
