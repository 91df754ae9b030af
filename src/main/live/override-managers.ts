import type { ManagedFieldsEntry } from '../../shared/objects/object.ts';

/** Whether the fields of this entry are to be ours. */
export type IsOverridden = (entry: ManagedFieldsEntry) => boolean;

/** Writers that had an object before we did, or that people use to write into it by hand; the others are controllers. */
const byHand = /^(kubectl.*|before-first-apply)$/;
const earlierTools = /^(helm|helm-controller|kustomize-controller|argocd-.*)$/;

export function overrideManagers(more: readonly string[]): IsOverridden {
  const named = new Set(more);
  // A subresource has its own writers: what `kubectl scale` sets is no field that somebody left behind.
  return ({ manager = '', subresource }) =>
    subresource === undefined && (byHand.test(manager) || earlierTools.test(manager) || named.has(manager));
}

/** People come back; a tool that comes back still runs. */
export function isByHand(manager: string): boolean {
  return byHand.test(manager);
}
