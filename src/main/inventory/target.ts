import { hash } from 'node:crypto';
import type { InventoryTarget } from '../../shared/api/types.ts';

/** The identity of what was applied under no account: the controller's own or, remotely, the kubeconfig's. */
export const NO_ACCOUNT = 'controller';

export interface ClusterMarks {
  /** Of its namespace `kube-system`; undefined where we may not read that. */
  readonly uid: string | undefined;
  readonly server: string;
  readonly ca: string | Buffer | undefined;
}

/** `<uid>/<hash of server and CA>`: both, for who may not read the one today could yesterday. */
export function clusterName({ uid, server, ca }: ClusterMarks): string {
  const address = hash('sha256', JSON.stringify([server, ca?.toString() ?? ''])).slice(0, 16);
  return `${uid ?? ''}/${address}`;
}

/** Like is compared with like: UIDs where both are known, else addresses. */
export function sameCluster(a: string, b: string): boolean {
  const [aUid, aAddress] = a.split('/');
  const [bUid, bAddress] = b.split('/');
  return aUid && bUid ? aUid === bUid : aAddress !== undefined && aAddress === bAddress;
}

export function sameTarget(a: InventoryTarget, b: InventoryTarget): boolean {
  return a.identity === b.identity && sameCluster(a.cluster, b.cluster);
}

/** Whom the spec names now, in the namespace of the StageSet. */
export interface NamedBySpec {
  readonly account: string | undefined;
  readonly namespace: string;
}

/**
 * As whom to delete what was recorded: as who applied it and, where that is refused, as whom the spec names now.
 * Tenants may edit inventories, so a record counts only where the spec could say the same: an account of the
 * StageSet's own namespace. The controller itself is nobody that a record could name.
 */
export function deleteAs(recorded: string, spec: NamedBySpec): readonly (string | undefined)[] {
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([a-z0-9.-]+)$/.exec(recorded) ?? [];
  const trusted = name !== undefined && namespace === spec.namespace && recorded !== spec.account;
  return trusted ? [recorded, spec.account] : [spec.account];
}
