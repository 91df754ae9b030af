import type { Clock } from '../../shared/time/clock.ts';
import { Alarm } from './alarm.ts';
import { DueTimes } from './due-times.ts';
import { isBetter, type Lane } from './lane.ts';
import type { Turn } from './turn.ts';
import type { TurnRequest, Turns } from './turns.ts';

export interface Wish {
  readonly namespace: string;
  readonly because: string;
  readonly lane: Lane;
  /** Now, when absent. */
  readonly afterMs?: number;
}

export interface Work {
  /** The first eight different reasons. */
  readonly because: readonly string[];
  /** From due to started. */
  readonly waitedMs: number;
  /** The best that it was wished for in. */
  readonly lane: Lane;
  /** The queue releases it when the handler ends. */
  readonly turn: Turn;
}

export interface Driver {
  readonly handle: (key: string, work: Work) => Promise<void>;
  /** A handler rejected: its key is forgotten unless this adds it again. */
  readonly onCrash: (key: string, error: unknown) => void;
  /** Aborted: nothing more starts. */
  readonly signal: AbortSignal;
}

export interface QueueStats {
  /** Due and not started. */
  readonly depth: number;
  readonly depthByLane: Readonly<Record<Lane, number>>;
  /** Not due yet, or kept while its key runs. */
  readonly delayed: number;
  /** Parked ones included. */
  readonly running: number;
  readonly oldestWaitMs: number;
  /** Of those that run: how long they have held slots, together and the longest. */
  readonly unfinishedMs: number;
  readonly longestMs: number;
  /** Entries made; a wish that joined one does not count. */
  readonly adds: number;
  /** Wishes in lane `retry`. */
  readonly retries: number;
}

const keptReasons = 8;

/**
 * What is to be done, by key. Keys are opaque: several kinds may share a queue, and several queues the same turns.
 * - One entry a key: adding again keeps the earlier time and the better lane, and gathers the reasons.
 * - A key never runs twice at once. What is added while it runs is kept, and scheduled when that run ends.
 * - A due key stands in line for a turn, by the laws of `Turns`; until it is granted it can still be upgraded.
 * - Nothing runs before `process` or after its signal. What was not started by then stays, and a later `process` takes it.
 */
export class WorkQueue {
  readonly #turns: Turns;
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();
  readonly #delayed = new DueTimes();
  readonly #alarm: Alarm;
  readonly #running = new Map<string, Running>();
  #driver: Driver | undefined;
  #adds = 0;
  #retries = 0;

  constructor({ turns, clock }: { readonly turns: Turns; readonly clock: Clock }) {
    this.#turns = turns;
    this.#clock = clock;
    this.#alarm = new Alarm(clock, () => this.#takeDue());
  }

  add(key: string, { namespace, because, lane, afterMs = 0 }: Wish): void {
    if (lane === 'retry') this.#retries += 1;
    const dueMs = this.#clock.elapsedMs() + afterMs;
    const entry = this.#entries.get(key) ?? this.#open(key, { namespace, lane, dueMs });
    entry.dueMs = Math.min(entry.dueMs, dueMs);
    if (isBetter(lane, entry.lane)) entry.lane = lane;
    if (entry.because.size < keptReasons) entry.because.add(because);
    this.#place(key, entry);
  }

  /** Ends when the signal has aborted and every handler has ended. */
  async process(driver: Driver): Promise<void> {
    if (this.#driver !== undefined) throw new Error('this queue is being processed already');
    if (driver.signal.aborted) return;
    this.#driver = driver;
    for (const [key, entry] of this.#entries) this.#place(key, entry);
    await new Promise((resolve) => driver.signal.addEventListener('abort', resolve, { once: true }));
    this.#alarm.cancel();
    await Promise.all([...this.#running.values()].map(({ ended }) => ended));
    this.#driver = undefined;
  }

  stats(): QueueStats {
    const nowMs = this.#clock.elapsedMs();
    const waiting = [...this.#entries].filter(([key, { dueMs }]) => dueMs <= nowMs && !this.#running.has(key));
    const inLane = (lane: Lane) => waiting.filter(([, entry]) => entry.lane === lane).length;
    const workedMs = [...this.#running.values()].map(({ sinceMs, turn }) => nowMs - sinceMs - turn.parkedMs);
    const oldestMs = waiting.reduce((oldest, [, { dueMs }]) => Math.min(oldest, dueMs), nowMs);
    return {
      depth: waiting.length,
      depthByLane: { asked: inLane('asked'), woken: inLane('woken'), retry: inLane('retry'), resync: inLane('resync') },
      delayed: this.#entries.size - waiting.length,
      running: this.#running.size,
      oldestWaitMs: nowMs - oldestMs,
      unfinishedMs: workedMs.reduce((sum, ms) => sum + ms, 0),
      longestMs: workedMs.reduce((longest, ms) => Math.max(longest, ms), 0),
      adds: this.#adds,
      retries: this.#retries,
    };
  }

  #open(key: string, first: Pick<Entry, 'namespace' | 'lane' | 'dueMs'>): Entry {
    const entry: Entry = { ...first, because: new Set(), request: undefined };
    this.#entries.set(key, entry);
    this.#adds += 1;
    return entry;
  }

  /** Where an entry belongs: nowhere while its key runs, in line when due, else among the delayed. */
  #place(key: string, entry: Entry): void {
    const driver = this.#driver;
    if (driver === undefined || driver.signal.aborted || this.#running.has(key)) return;
    if (entry.request !== undefined) {
      entry.request.upgrade(entry.lane);
    } else if (entry.dueMs > this.#clock.elapsedMs()) {
      this.#delayed.set(key, entry.dueMs);
      this.#alarm.set(entry.dueMs);
    } else {
      this.#delayed.delete(key);
      this.#standInLine(key, entry, driver);
    }
  }

  #takeDue(): void {
    const nowMs = this.#clock.elapsedMs();
    let first = this.#delayed.first;
    for (; first !== undefined && first.atMs <= nowMs; first = this.#delayed.first) {
      const entry = this.#entries.get(first.key);
      this.#delayed.delete(first.key);
      if (entry !== undefined) this.#place(first.key, entry);
    }
    if (first !== undefined) this.#alarm.set(first.atMs);
  }

  #standInLine(key: string, entry: Entry, driver: Driver): void {
    const { namespace, lane } = entry;
    entry.request = this.#turns.request({ lane, namespace, signal: driver.signal });
    entry.request.granted.then(
      (turn) => this.#start(key, entry, turn, driver),
      () => {
        entry.request = undefined;
      },
    );
  }

  #start(key: string, entry: Entry, turn: Turn, driver: Driver): void {
    entry.request = undefined;
    // Granted in the same moment as stopped: the entry stays for whoever processes next.
    if (driver.signal.aborted) {
      turn.release();
      return;
    }
    this.#entries.delete(key);
    const nowMs = this.#clock.elapsedMs();
    const work = { because: [...entry.because], waitedMs: nowMs - entry.dueMs, lane: entry.lane, turn };
    // The handler starts a step later than this: by then its key counts as running, should it add it at once.
    const ended = Promise.resolve(work)
      .then(() => driver.handle(key, work))
      .catch((error: unknown) => driver.onCrash(key, error))
      .finally(() => this.#end(key, turn));
    this.#running.set(key, { ended, turn, sinceMs: nowMs });
  }

  #end(key: string, turn: Turn): void {
    turn.release();
    this.#running.delete(key);
    const next = this.#entries.get(key);
    if (next !== undefined) this.#place(key, next);
  }
}

interface Running {
  readonly ended: Promise<void>;
  readonly turn: Turn;
  readonly sinceMs: number;
}

interface Entry {
  readonly namespace: string;
  lane: Lane;
  dueMs: number;
  readonly because: Set<string>;
  /** While it stands in line. */
  request: TurnRequest | undefined;
}
