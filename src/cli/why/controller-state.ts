import { type LeaseObject, leaseName, leaseResource, readLease } from '../../main/lease/lease-object.ts';
import { shardOf } from '../../main/lease/shard-of.ts';
import type { Reader } from '../owned/reader.ts';
import type { ControllerState } from './evidence.ts';

/** Whether the replica that this StageSet (`<namespace>/<name>`) belongs to is alive, as far as its Lease tells. */
export async function controllerState(key: string, reader: Reader, nowMs: number): Promise<ControllerState> {
  const whole = await newestLease(leaseName(0, 1), reader);
  if (whole === 'unread') return { is: 'unread' };
  const first = await newestLease(leaseName(0, 2), reader);
  // Both are there where the shards were counted anew: the one that is alive counts.
  const sharded = first === undefined || first === 'unread' ? undefined : await ownShard(key, first, reader);
  const [newest] = [whole, sharded]
    .filter((lease) => lease !== undefined && lease !== 'unread')
    .toSorted((a, b) => b.renewedMs - a.renewedMs);
  if (newest === undefined) return { is: 'absent' };
  const { holder, namespace, renewedMs, durationMs } = newest;
  if (nowMs - renewedMs <= durationMs + SLACK_MS) return { is: 'running', holder, namespace };
  return { is: 'silent', holder, namespace, sinceMs: renewedMs };
}

/** Clocks of two machines differ. */
const SLACK_MS = 15_000;

interface Held {
  readonly holder: string;
  readonly namespace: string;
  readonly shards: number;
  readonly durationMs: number;
  readonly renewedMs: number;
}

function ownShard(key: string, first: Held, reader: Reader): Promise<Held | 'unread' | undefined> {
  return newestLease(leaseName(shardOf(key, first.shards), first.shards), reader);
}

/** In whatever namespace the controller is; an install that was moved has left an old one behind. */
async function newestLease(name: string, reader: Reader): Promise<Held | 'unread' | undefined> {
  const selection = { resource: leaseResource, fieldSelector: `metadata.name=${name}` };
  const leases = await reader.list<LeaseObject>(selection, { whole: true, silently: true });
  if (leases === undefined) return 'unread';
  const held = leases.flatMap((lease) => {
    const record = readLease(lease);
    if (record === undefined || record.holder === '') return [];
    const renewedMs = Date.parse(lease.spec?.renewTime ?? '') || 0;
    return [{ ...record, renewedMs, namespace: lease.metadata.namespace ?? '' }];
  });
  return held.toSorted((a, b) => b.renewedMs - a.renewedMs)[0];
}
