import { hash } from 'node:crypto';

/** Every label, annotation and finalizer key that this project reads or writes. */
export const keys = {
  finalizer: 'stages.metio.wtf/finalizer',
  inventoryStageSet: 'stages.metio.wtf/stage-set',
  inventoryShard: 'stages.metio.wtf/shard',
  stage: 'stages.metio.wtf/stage',
  ownerName: 'stages.metio.wtf/name',
  ownerNamespace: 'stages.metio.wtf/namespace',
  actionKey: 'stages.metio.wtf/action-key',
  actionBase: 'stages.metio.wtf/action-base',
  actionOwner: 'stages.metio.wtf/action-owner',
  action: 'stages.metio.wtf/action',
  prune: 'stages.metio.wtf/prune',
  allowEmpty: 'stages.metio.wtf/allow-empty',
  forgetTarget: 'stages.metio.wtf/forget-target',
  reconcileStage: 'stages.metio.wtf/reconcile-stage',
  updateNow: 'stages.metio.wtf/update-now',
  requestedAt: 'reconcile.fluxcd.io/requestedAt',
  forceAt: 'reconcile.fluxcd.io/forceAt',
  applySetPartOf: 'applyset.kubernetes.io/part-of',
  applySetId: 'applyset.kubernetes.io/id',
  applySetTooling: 'applyset.kubernetes.io/tooling',
  applySetGroupKinds: 'applyset.kubernetes.io/contains-group-kinds',
  applySetNamespaces: 'applyset.kubernetes.io/additional-namespaces',
  fluxSsa: 'kustomize.toolkit.fluxcd.io/ssa',
  fluxSubstitute: 'kustomize.toolkit.fluxcd.io/substitute',
} as const;

const LABEL_VALUE_MAX = 63;

/** A label holds 63 characters; a longer name keeps its first 54 and 8 hex digits of its hash. */
export function labelValue(value: string): string {
  if (value.length <= LABEL_VALUE_MAX) return value;
  return `${value.slice(0, 54)}-${hash('sha256', value).slice(0, 8)}`;
}
