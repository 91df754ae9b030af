import { type Readiness, readinessAt } from '../../shared/kstatus/readiness.ts';
import { describeObjectId, type ObjectId } from '../../shared/objects/object-id.ts';
import type { Clock } from '../../shared/time/clock.ts';
import { formatDuration } from '../../shared/time/duration.ts';

/** What is watched, as far as readiness goes. */
export interface Watched {
  /** Undefined: it is not there. */
  readinessOf(id: ObjectId): Readiness | undefined;
  /** Returns how to stop. */
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
export function judgeReadiness(ids: readonly ObjectId[], watched: Watched, nowMs: number): Verdict {
  const standing = ids.map((id) => ({ id, readiness: readinessNow(id, watched, nowMs) }));
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

function readinessNow(id: ObjectId, watched: Watched, nowMs: number): Readiness {
  return readinessAt(watched.readinessOf(id) ?? gone, nowMs);
}

/**
 * Waits for the last of them, or for the first that fails, if only with time, or that goes although it is not to;
 * rejects with the signal's reason.
 */
export function awaitSettled(
  ids: readonly ObjectId[],
  watched: Watched,
  clock: Clock,
  signal: AbortSignal,
  isLost: (id: ObjectId) => boolean = () => false,
): Promise<Verdict> {
  return new Promise((resolve, reject) => {
    const pending = new Set(ids);
    const settled = new AbortController();
    const stop = () => {
      unsubscribe();
      settled.abort();
      signal.removeEventListener('abort', aborted);
    };
    const aborted = () => {
      stop();
      reject(signal.reason);
    };
    const settle = () => {
      if (settled.signal.aborted) return;
      stop();
      resolve(judgeReadiness(ids, watched, clock.wallMs()));
    };
    const look = (id: ObjectId) => {
      const readiness = readinessNow(id, watched, clock.wallMs());
      if (readiness.is === 'current') pending.delete(id);
      else pending.add(id);
      if (pending.size === 0 || readiness.is === 'failed' || isLost(id)) settle();
      else if (readiness.is === 'inProgress' && readiness.later !== undefined) {
        const inMs = Math.max(readiness.later.fromMs - clock.wallMs(), 0);
        clock.sleep(inMs, settled.signal).then(
          () => look(id),
          () => {},
        );
      }
    };
    const unsubscribe = watched.subscribe(ids, look);
    signal.addEventListener('abort', aborted, { once: true });
    if (signal.aborted) aborted();
    else if (ids.length === 0) settle();
    else for (const id of ids) if (!settled.signal.aborted) look(id);
  });
}

/** What is known of a failure besides the verdict. */
export interface Circumstances {
  /** How long was waited; a failed object ends the wait before. */
  readonly afterMs: number;
  /** Why an object is stuck, where more is known than its own status tells. */
  readonly reasons: ReadonlyMap<ObjectId, string>;
}

/** The objects did not become ready: a failure like any other, that says which and why. */
export class NotReady extends Error {
  readonly timeUp: boolean;

  constructor(verdict: Exclude<Verdict, { readonly is: 'ready' }>, { afterMs, reasons }: Circumstances) {
    super(
      verdict.is === 'failed'
        ? `failed: ${listed(withReasons(verdict.because, reasons))}`
        : `timed out after ${formatDuration(afterMs)}, nothing failed, still progressing: ${listed(withReasons(verdict.waitingFor, reasons))}`,
    );
    this.name = 'NotReady';
    this.timeUp = verdict.is === 'progressing';
  }
}

export function waitingText(waitingFor: readonly Waiting[]): string {
  return `waiting for ${listed(waitingFor)}`;
}

/** So many are named. */
export const MOST_LISTED = 10;

export function withReasons(objects: readonly Waiting[], reasons: ReadonlyMap<ObjectId, string>): readonly Waiting[] {
  return objects.map(({ id, message }) => ({
    id,
    message: [message, reasons.get(id)].filter((text) => text !== undefined && text !== '').join('; '),
  }));
}

function listed(objects: readonly Waiting[]): string {
  const shown = objects.slice(0, MOST_LISTED).map(({ id, message }) => `${describeObjectId(id)} (${message})`);
  return [...shown, ...(objects.length > MOST_LISTED ? [`and ${objects.length - MOST_LISTED} more`] : [])].join(', ');
}
