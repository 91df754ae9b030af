import type { Readiness } from '../../shared/kstatus/readiness.ts';
import { keys, labelValue } from '../../shared/labels.ts';
import type { ObjectMeta } from '../../shared/objects/object.ts';
import { formatObjectId, type ObjectId } from '../../shared/objects/object-id.ts';
import type { Resource } from '../kube/types.ts';
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
  readonly readiness: Readiness;
  /** Carries `stages.metio.wtf/prune: disabled`, as label or annotation. */
  readonly keep: boolean;
  readonly deleting: boolean;
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

export function toLiveObject(resource: Resource, meta: ObjectMeta, readiness: Readiness): LiveObject {
  const { name, namespace, resourceVersion } = meta;
  return {
    id: idOf(resource, meta),
    metadata: { name, ...(namespace && { namespace }), ...(resourceVersion && { resourceVersion }) },
    uid: meta.uid ?? '',
    owner: ownerOf(meta),
    stage: meta.labels?.[keys.stage] ?? '',
    print: ownershipPrint(meta),
    readiness,
    keep: isKept(meta),
    deleting: meta.deletionTimestamp !== undefined,
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
