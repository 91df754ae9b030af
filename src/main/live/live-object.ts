import type { Readiness } from '../../shared/kstatus/readiness.ts';
import { keys, labelValue } from '../../shared/labels.ts';
import type { ObjectMeta } from '../../shared/objects/object.ts';
import { formatObjectId, type ObjectId } from '../../shared/objects/object-id.ts';
import type { Resource } from '../kube/types.ts';
import { otherWriterOf } from './other-writer.ts';
import type { IsOverridden } from './override-managers.ts';
import { ownershipPrint } from './ownership-print.ts';

/** What this controller keeps of an object that carries its labels: never the object itself. */
export interface LiveObject {
  readonly id: ObjectId;
  /** As much of it as a store needs. */
  readonly metadata: Pick<ObjectMeta, 'name' | 'namespace' | 'resourceVersion'>;
  readonly uid: string;
  readonly owner: OwnerLabels;
  readonly stage: string;
  readonly print: string;
  /** Who else wrote last, since we did. */
  readonly writer?: string;
  readonly readiness: Readiness;
  /** Carries `stages.metio.wtf/prune: disabled`, as label or annotation. */
  readonly keep: boolean;
  readonly deleting: boolean;
  /** The action whose JSON patch was carried out on it last, and the digest of what it was carried out on. */
  readonly patched?: { readonly key: string; readonly base: string };
  /** Of a Job that is Complete: when the cluster deletes it. Calendar time. */
  readonly endsAtMs?: number;
}

/** Owner as the labels write it, so long names are already cut. */
export interface OwnerLabels {
  readonly namespace: string;
  readonly name: string;
}

export function ownerLabelsOf(set: { readonly namespace: string; readonly name: string }): OwnerLabels {
  return { namespace: labelValue(set.namespace), name: labelValue(set.name) };
}

export function sameOwner(a: OwnerLabels, b: OwnerLabels): boolean {
  return a.namespace === b.namespace && a.name === b.name;
}

export function toLiveObject(
  resource: Resource,
  meta: ObjectMeta,
  readiness: Readiness,
  isOverridden: IsOverridden,
): LiveObject {
  const { name, namespace, resourceVersion } = meta;
  const writer = otherWriterOf(meta);
  const { [keys.actionKey]: key, [keys.actionBase]: base } = meta.annotations ?? {};
  return {
    id: idOf(resource, meta),
    metadata: { name, ...(namespace && { namespace }), ...(resourceVersion && { resourceVersion }) },
    uid: meta.uid ?? '',
    owner: ownerOf(meta),
    stage: meta.labels?.[keys.stage] ?? '',
    print: ownershipPrint(meta, isOverridden),
    ...(writer !== undefined && { writer }),
    readiness,
    keep: isKept(meta),
    deleting: meta.deletionTimestamp !== undefined,
    ...(key !== undefined && base !== undefined && { patched: { key, base } }),
  };
}

export function idOf({ group, kind }: Resource, { name, namespace = '' }: ObjectMeta): ObjectId {
  return formatObjectId({ namespace, name, group, kind });
}

export function ownerOf({ labels = {} }: ObjectMeta): OwnerLabels {
  return { namespace: labels[keys.ownerNamespace] ?? '', name: labels[keys.ownerName] ?? '' };
}

export function isKept({ labels, annotations }: ObjectMeta): boolean {
  return labels?.[keys.prune] === 'disabled' || annotations?.[keys.prune] === 'disabled';
}
