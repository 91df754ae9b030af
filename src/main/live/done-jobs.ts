import type { KubeObject } from '../../shared/objects/object.ts';
import type { ObjectId } from '../../shared/objects/object-id.ts';
import type { Clock } from '../../shared/time/clock.ts';
import type { Resource } from '../kube/types.ts';
import type { LiveObject } from './live-object.ts';

/** The clock by which the cluster deletes may be ahead of ours. */
const SKEW_MS = 2_000;
/** Jobs under names that are never used again are forgotten, oldest first. */
const MOST = 10_000;

/**
 * Jobs that completed and were deleted by the cluster because their `ttlSecondsAfterFinished` was over. That is no
 * drift: what they were for is done, and a new one would do it again. Remembered in this process only.
 */
export class DoneJobs {
  readonly #jobs = new Map<ObjectId, LiveObject>();
  readonly #clock: Pick<Clock, 'wallMs'>;

  constructor(clock: Pick<Clock, 'wallMs'>) {
    this.#clock = clock;
  }

  get(id: ObjectId): LiveObject | undefined {
    return this.#jobs.get(id);
  }

  went(last: LiveObject | undefined): void {
    if (last?.endsAtMs === undefined || last.endsAtMs > this.#clock.wallMs() + SKEW_MS) return;
    this.#jobs.set(last.id, last);
    if (this.#jobs.size <= MOST) return;
    for (const oldest of this.#jobs.keys()) {
      this.#jobs.delete(oldest);
      return;
    }
  }

  forget(id: ObjectId): void {
    this.#jobs.delete(id);
  }
}

interface Job {
  readonly spec?: { readonly ttlSecondsAfterFinished?: number };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly lastTransitionTime?: string;
}

/** Undefined for all that is no Job which is Complete and goes by itself. */
export function endOfLifeMs({ group, kind }: Resource, object: KubeObject): number | undefined {
  if (group !== 'batch' || kind !== 'Job') return undefined;
  const { spec, status } = object as Job;
  const complete = status?.conditions?.find(({ type, status }) => type === 'Complete' && status === 'True');
  const ttl = spec?.ttlSecondsAfterFinished;
  if (complete?.lastTransitionTime === undefined || ttl === undefined) return undefined;
  return Date.parse(complete.lastTransitionTime) + ttl * 1_000;
}
