import type { Clock } from '../../shared/time/clock.ts';
import { LeaseLost } from '../kube/errors.ts';
import type { Lease } from '../kube/types.ts';
import { Alarm } from '../queue/alarm.ts';
import { RENEW_DEADLINE_MS } from './times.ts';

/**
 * The time for which this process holds one Lease, told by its own monotonic clock.
 * Promises: it has ended, for everyone who asks, before another replica may take the Lease; once ended it never begins again.
 */
export class Term implements Lease {
  readonly #clock: Clock;
  readonly #name: string;
  readonly #ended = new AbortController();
  readonly #alarm: Alarm;
  #endsAtMs: number;

  /** `sentAtMs`: when the request left that took the Lease. What came of it may have taken any time to get here. */
  constructor(name: string, sentAtMs: number, clock: Clock) {
    this.#name = name;
    this.#clock = clock;
    this.#endsAtMs = sentAtMs + RENEW_DEADLINE_MS;
    this.#alarm = new Alarm(clock, () => this.#ring());
    this.#alarm.set(this.#endsAtMs);
  }

  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  /** Asks the clock: a frozen process that wakes runs no timer first. */
  get isOver(): boolean {
    if (this.#clock.elapsedMs() >= this.#endsAtMs) this.end(`lease ${this.#name} could not be renewed in time`);
    return this.#ended.signal.aborted;
  }

  throwIfEnded(): void {
    if (this.isOver) throw this.#ended.signal.reason;
  }

  /** By a request that left at this time. */
  renewed(sentAtMs: number): void {
    if (!this.isOver) this.#endsAtMs = Math.max(this.#endsAtMs, sentAtMs + RENEW_DEADLINE_MS);
  }

  end(why: string): void {
    this.#alarm.cancel();
    if (!this.#ended.signal.aborted) this.#ended.abort(new LeaseLost(why));
  }

  #ring(): void {
    if (!this.isOver) this.#alarm.set(this.#endsAtMs);
  }
}
