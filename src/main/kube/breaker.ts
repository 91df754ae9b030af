import type { Clock } from '../../shared/time/clock.ts';

const NO_ANSWERS_THAT_TRIP = 5;
const PROBE_EVERY_MS = 1_000;

/** How a request ended: any HTTP status is an answer; `unknown` says nothing about the cluster (the caller gave up). */
export type Ending = 'answer' | 'noAnswer' | 'unknown';

export type Admission =
  | { readonly admitted: true; end(ending: Ending): void }
  | { readonly admitted: false; readonly retryInMs: number };

/**
 * Knows whether a cluster answers at all. After several requests in a row without an answer it is open: requests
 * fail at once, instead of each waiting for its own deadline, except one probe at a time. Any answer closes it,
 * an error's too: a server that says 500 is there.
 */
export class Breaker {
  readonly #clock: Clock;
  #noAnswersInARow = 0;
  #probing = false;
  #nextProbeAtMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get answering(): boolean {
    return this.#noAnswersInARow < NO_ANSWERS_THAT_TRIP;
  }

  /** How long until a request may be admitted; 0 is now. */
  retryInMs(): number {
    if (this.answering) return 0;
    return this.#probing ? PROBE_EVERY_MS : Math.max(this.#nextProbeAtMs - this.#clock.elapsedMs(), 0);
  }

  /** Whoever is admitted reports its end, whatever it was. */
  admit(): Admission {
    const retryInMs = this.retryInMs();
    if (retryInMs > 0) return { admitted: false, retryInMs };
    if (this.answering) return { admitted: true, end: (ending) => this.#note(ending) };
    this.#probing = true;
    return { admitted: true, end: (ending) => this.#endProbe(ending) };
  }

  #endProbe(ending: Ending): void {
    this.#probing = false;
    this.#nextProbeAtMs = this.#clock.elapsedMs() + PROBE_EVERY_MS;
    this.#note(ending);
  }

  #note(ending: Ending): void {
    if (ending === 'answer') this.#noAnswersInARow = 0;
    if (ending !== 'noAnswer') return;
    this.#noAnswersInARow += 1;
    if (this.#noAnswersInARow === NO_ANSWERS_THAT_TRIP) this.#nextProbeAtMs = this.#clock.elapsedMs() + PROBE_EVERY_MS;
  }
}
