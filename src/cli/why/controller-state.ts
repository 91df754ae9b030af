import { type LeaseObject, leaseResource, readLease } from '../../main/lease/lease-object.ts';
import type { Reader } from '../owned/reader.ts';
import type { ControllerState } from './evidence.ts';

/** As the Leases tell that its replicas hold. The newest sign of life counts: a fresh install leaves old ones behind. */
export async function controllerState(reader: Reader, nowMs: number): Promise<ControllerState> {
  const leases = await reader.list<LeaseObject>({ resource: leaseResource });
  if (leases === undefined) return { is: 'unread' };
  const [newest] = leases
    .flatMap((lease) => {
      const record = readLease(lease);
      if (record === undefined || record.holder === '') return [];
      const renewedMs = Date.parse(lease.spec?.renewTime ?? '') || 0;
      return [{ ...record, renewedMs, namespace: lease.metadata.namespace ?? '' }];
    })
    .toSorted((a, b) => b.renewedMs - a.renewedMs);
  if (newest === undefined) return { is: 'absent' };
  const { holder, namespace, renewedMs, durationMs } = newest;
  if (nowMs - renewedMs <= durationMs + SLACK_MS) return { is: 'running', holder, namespace };
  return { is: 'silent', holder, namespace, sinceMs: renewedMs };
}

/** Clocks of two machines differ. */
const SLACK_MS = 15_000;
