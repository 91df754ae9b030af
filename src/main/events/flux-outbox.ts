import { hash } from 'node:crypto';
import { EnvHttpProxyAgent } from 'undici';
import type { StageSet } from '../../shared/api/types.ts';
import type { Clock } from '../../shared/time/clock.ts';
import { deadlineIn, orAborted } from '../../shared/time/deadline.ts';
import { type FluxEvent, toFluxEvent } from './flux-event.ts';
import type { StageSetEvent } from './recorder.ts';

/** `duplicate`: notification-controller has had it within the last minutes. */
export type FluxEventEnd = 'delivered' | 'duplicate' | 'dropped';

export interface FluxOutboxOptions {
  /** `--events-addr`: http or https. */
  readonly address: string;
  readonly clock: Clock;
  readonly instance: string;
  /** Of each event, once; with why it was dropped. */
  readonly ended: (event: FluxEvent, end: FluxEventEnd, because?: unknown) => void;
}

const ANSWER_MS = 5_000;
const LONGEST_PAUSE_MS = 30_000;
/** An outage so long loses nothing; what is older than that is no news. */
const KEPT_MS = 5 * 60_000;
const PENDING_MAX = 1_000;
/** Of the ten seconds in which the process has to end. */
const LAST_MS = 2_000;

interface Letter {
  readonly event: FluxEvent;
  readonly sinceMs: number;
  /** Of what makes two events the same to notification-controller, and the reason. */
  readonly sameAs: string;
}

/**
 * Posts events to Flux's notification-controller beside the runs, one after the other in the order they came, so that
 * nobody hears of a recovery before the failure. What was not taken is tried again for five minutes with growing
 * pauses, unless the answer says that it never will be. Proxy variables count: the operator named the address.
 */
export class FluxOutbox {
  readonly #options: FluxOutboxOptions;
  readonly #url: URL;
  readonly #dispatcher = new EnvHttpProxyAgent({ connections: 1 });
  readonly #letters: Letter[] = [];
  readonly #closing = new AbortController();
  #delivering: Promise<void> | undefined;

  constructor(options: FluxOutboxOptions) {
    this.#options = options;
    this.#url = new URL(options.address);
  }

  post(set: StageSet, event: StageSetEvent): void {
    const { clock, instance, ended } = this.#options;
    const letter = letterOf(toFluxEvent(set, event, { instance, wallMs: clock.wallMs() }), clock.elapsedMs());
    if (this.#letters.some(({ sameAs }) => sameAs === letter.sameAs)) {
      ended(letter.event, 'duplicate');
    } else if (this.#letters.length === PENDING_MAX) {
      ended(letter.event, 'dropped', new Error(`${PENDING_MAX} events wait already`));
    } else {
      this.#letters.push(letter);
    }
    this.#delivering ??= this.#deliverAll().finally(() => {
      this.#delivering = undefined;
    });
  }

  /** Tries each waiting event once more, within two seconds, and drops the rest. */
  async close(): Promise<void> {
    this.#closing.abort();
    const delivered = this.#delivering ?? Promise.resolve();
    const timeUp = () => new Error('time is up');
    using last = deadlineIn(LAST_MS, { clock: this.#options.clock, unless: undefined, timeUp });
    await orAborted(delivered, last.signal).catch(() => {});
    await this.#dispatcher.destroy(); // what is under way fails, and so does what comes after it
    await delivered;
  }

  async #deliverAll(): Promise<void> {
    for (let [first] = this.#letters; first !== undefined; [first] = this.#letters) {
      await this.#deliver(first);
      this.#letters.shift();
    }
  }

  async #deliver({ event, sinceMs }: Letter): Promise<void> {
    const { clock, ended } = this.#options;
    for (let pauseMs = 1_000; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      const answer = await this.#attempt(event);
      if (answer.is !== 'away') return ended(event, answer.is, answer.because);
      const keptMs = clock.elapsedMs() - sinceMs;
      if (this.#closing.signal.aborted || keptMs >= KEPT_MS) return ended(event, 'dropped', answer.because);
      await clock.sleep(Math.min(pauseMs, KEPT_MS - keptMs), this.#closing.signal).catch(() => {});
    }
  }

  async #attempt(event: FluxEvent): Promise<Answer> {
    const { clock } = this.#options;
    const timeUp = () => new Error(`no answer within ${ANSWER_MS / 1_000} s`);
    using deadline = deadlineIn(ANSWER_MS, { clock, unless: undefined, timeUp });
    try {
      const { statusCode, body } = await this.#dispatcher.request({
        origin: this.#url.origin,
        path: `${this.#url.pathname}${this.#url.search}`,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(event),
        signal: deadline.signal,
      });
      await body.dump({ limit: 64 * 1_024, signal: deadline.signal });
      return judge(statusCode);
    } catch (because) {
      return { is: 'away', because };
    }
  }
}

interface Answer {
  readonly is: FluxEventEnd | 'away';
  readonly because?: unknown;
}

/** As Flux's own controllers read it: 429 is how notification-controller says that it had this event already. */
function judge(status: number): Answer {
  if (status >= 200 && status < 300) return { is: 'delivered' };
  if (status === 429) return { is: 'duplicate' };
  const because = new Error(`answered with status ${status}`);
  return { is: status >= 500 && status !== 501 ? 'away' : 'dropped', because };
}

function letterOf(event: FluxEvent, sinceMs: number): Letter {
  const { involvedObject, reason, message, metadata } = event;
  return { event, sinceMs, sameAs: hash('sha256', JSON.stringify([involvedObject.uid, reason, message, metadata])) };
}
