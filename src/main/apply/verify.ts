import type { Readiness } from '../../shared/kstatus/readiness.ts';
import { describeObjectId, type ObjectId } from '../../shared/objects/object-id.ts';
import { formatDuration } from '../../shared/time/duration.ts';
import type { LiveObject } from '../live/live-object.ts';

/** As much of the live objects as readiness needs. */
export interface Watched {
  standing(id: ObjectId): Pick<LiveObject, 'readiness'> | undefined;
  subscribe(ids: readonly ObjectId[], listener: (id: ObjectId) => void): () => void;
}

/** Never a boolean: what is stuck and what is broken are told apart. */
export type Verdict =
  | { readonly is: 'ready' }
  | { readonly is: 'progressing'; readonly waitingFor: readonly Waiting[] }
  | { readonly is: 'failed'; readonly because: readonly Waiting[] };

export interface Waiting {
  readonly id: ObjectId;
  readonly message: string;
}

/** What the watches say of these objects right now. */
export function judgeReadiness(ids: readonly ObjectId[], live: Pick<Watched, 'standing'>): Verdict {
  const standing = ids.map((id) => ({ id, readiness: live.standing(id)?.readiness ?? gone }));
  const failed = standing.flatMap(({ id, readiness }) =>
    readiness.is === 'failed' ? [{ id, message: readiness.message }] : [],
  );
  if (failed.length > 0) return { is: 'failed', because: failed };
  const waitingFor = standing.flatMap(({ id, readiness }) =>
    readiness.is === 'current' ? [] : [{ id, message: readiness.message }],
  );
  return waitingFor.length === 0 ? { is: 'ready' } : { is: 'progressing', waitingFor };
}

const gone: Readiness = { is: 'inProgress', message: 'not there' };

/** Waits for the last of them, or for the first that fails; rejects with the signal's reason. */
export function awaitSettled(ids: readonly ObjectId[], live: Watched, signal: AbortSignal): Promise<Verdict> {
  return new Promise((resolve, reject) => {
    const pending = new Set(ids.filter((id) => live.standing(id)?.readiness.is !== 'current'));
    const stop = () => {
      unsubscribe();
      signal.removeEventListener('abort', aborted);
    };
    const aborted = () => {
      stop();
      reject(signal.reason);
    };
    const settle = () => {
      stop();
      resolve(judgeReadiness(ids, live));
    };
    const unsubscribe = live.subscribe(ids, (id) => {
      const is = live.standing(id)?.readiness.is;
      if (is === 'current') pending.delete(id);
      else pending.add(id);
      if (pending.size === 0 || is === 'failed') settle();
    });
    signal.addEventListener('abort', aborted, { once: true });
    if (signal.aborted) aborted();
    else if (pending.size === 0 || [...pending].some((id) => live.standing(id)?.readiness.is === 'failed')) settle();
  });
}

/** The objects did not become ready: a failure like any other, that says which and why. */
export class NotReady extends Error {
  constructor(verdict: Exclude<Verdict, { readonly is: 'ready' }>, afterMs?: number) {
    super(verdict.is === 'failed' ? `failed: ${listed(verdict.because)}` : timedOut(verdict.waitingFor, afterMs ?? 0));
    this.name = 'NotReady';
  }
}

function timedOut(waitingFor: readonly Waiting[], afterMs: number): string {
  return `timed out after ${formatDuration(afterMs)}, nothing failed, still progressing: ${listed(waitingFor)}`;
}

export function waitingText(waitingFor: readonly Waiting[]): string {
  return `waiting for ${listed(waitingFor)}`;
}

function listed(objects: readonly Waiting[]): string {
  const shown = objects.slice(0, 10).map(({ id, message }) => `${describeObjectId(id)} (${message})`);
  return [...shown, ...(objects.length > 10 ? [`and ${objects.length - 10} more`] : [])].join(', ');
}
