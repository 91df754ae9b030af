import type { KubeObject } from '../../shared/objects/object.ts';
import type { Resource } from '../kube/types.ts';
import { LEASE_MS } from './times.ts';

export const leaseResource: Resource = {
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
  verbs: ['get', 'list', 'create', 'update'],
};

/** As the API server has it. */
export interface LeaseObject extends KubeObject {
  readonly spec?: {
    readonly holderIdentity?: string;
    readonly leaseDurationSeconds?: number;
    readonly acquireTime?: string;
    readonly renewTime?: string;
    readonly leaseTransitions?: number;
  };
}

/** What it says. */
export interface LeaseRecord {
  readonly name: string;
  /** Empty: nobody. */
  readonly holder: string;
  /** Into how many shards its holder splits the StageSets. */
  readonly shards: number;
  readonly durationMs: number;
  /** A replica with less to do that asks for this shard. */
  readonly wantedBy: string | undefined;
}

const DOMAIN = 'stages.metio.wtf';
const shardsKey = `${DOMAIN}/shards`;
const wantedByKey = `${DOMAIN}/wanted-by`;
const namesOfOurs = /^stageset-controller(-shard-\d+)?\.stages\.metio\.wtf$/;

export function leaseName(shard: number, shards: number): string {
  return shards === 1 ? `stageset-controller.${DOMAIN}` : `stageset-controller-shard-${shard}.${DOMAIN}`;
}

/** Undefined for a Lease that is about something else. */
export function readLease({ metadata, spec = {} }: LeaseObject): LeaseRecord | undefined {
  const { name, annotations = {} } = metadata;
  if (!namesOfOurs.test(name)) return undefined;
  const { holderIdentity = '', leaseDurationSeconds = 0 } = spec;
  return {
    name,
    holder: holderIdentity,
    // Those who know no shards, the Go implementation say, lead all there is.
    shards: Number(annotations[shardsKey] ?? 1),
    durationMs: leaseDurationSeconds > 0 ? leaseDurationSeconds * 1_000 : LEASE_MS,
    wantedBy: annotations[wantedByKey],
  };
}

/** What tells that its holder is alive. Not the resourceVersion: others may write on it too. */
export function signOfLife({ spec = {} }: LeaseObject): string {
  return JSON.stringify([spec.holderIdentity, spec.acquireTime, spec.renewTime, spec.leaseTransitions]);
}

export interface Holding {
  readonly holder: string;
  readonly shards: number;
  readonly wallMs: number;
}

/** The Lease as it is to be written: held, taken or, with an empty holder, let go. What others put on it stays. */
export function heldBy(lease: LeaseObject, { holder, shards, wallMs }: Holding): LeaseObject {
  const { [wantedByKey]: _answered, ...annotations } = lease.metadata.annotations ?? {};
  const { holderIdentity = '', ...spec } = lease.spec ?? {};
  const now = microTime(wallMs);
  const changesHands = holderIdentity !== holder;
  return {
    ...lease,
    metadata: { ...lease.metadata, annotations: { ...annotations, [shardsKey]: String(shards) } },
    spec: {
      ...spec,
      ...(holder === '' ? {} : { holderIdentity: holder }),
      leaseDurationSeconds: LEASE_MS / 1_000,
      acquireTime: changesHands ? now : (spec.acquireTime ?? now),
      renewTime: now,
      leaseTransitions: (spec.leaseTransitions ?? 0) + (changesHands ? 1 : 0),
    },
  };
}

export function askedFor(lease: LeaseObject, by: string): LeaseObject {
  const annotations = { ...lease.metadata.annotations, [wantedByKey]: by };
  return { ...lease, metadata: { ...lease.metadata, annotations } };
}

export function newLease(name: string, namespace: string): LeaseObject {
  return { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name, namespace } };
}

/** As metav1.MicroTime writes it. */
function microTime(wallMs: number): string {
  return new Date(wallMs).toISOString().replace('Z', '000Z');
}
