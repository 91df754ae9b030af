const START = 8;
const MIN = 2;
/** One request a connection: beyond it they would queue in the transport, where nobody sees them. */
export const MAX_IN_FLIGHT = 32;

/** Below this no latency is distress, however much lower it was before: work in bursts is not to be held back. */
const UNREMARKABLE_MS = 100;
const CLEAR_RISE = 4;
const HOLDS = 2;
/** An outlier counts as this many times the usual and no more. */
const OUTLIER = 10;
/** What counts as usual follows the last minute or so. */
const MEMORY_MS = 60_000;
const WARM_UP_ANSWERS = 64;

export interface PacedAnswer {
  /** Latencies are compared within a verb: a LIST is no slow GET. */
  readonly verb: string;
  readonly sentAtMs: number;
  readonly answeredAtMs: number;
  /** The server asked for less: 429, `Retry-After`, or a deadline passed unanswered. */
  readonly overloaded: boolean;
  /** Others were waiting for a turn: only then does a higher limit mean anything. */
  readonly othersWait: boolean;
}

interface Usual {
  ms: number;
  answers: number;
  atMs: number;
}

/**
 * How many requests a server may have from us at once: one more each round while latency holds, half of it when
 * the server says so or its latency clearly rises. Decides only; turns.ts makes requests wait.
 */
export class Pace {
  #limit = START;
  #cutAtMs = Number.NEGATIVE_INFINITY;
  readonly #usual = new Map<string, Usual>();
  #round = emptyRound();

  get limit(): number {
    return this.#limit;
  }

  note(answer: PacedAnswer): void {
    // Sent before the last cut: it tells of the load that the cut has already answered.
    if (answer.sentAtMs < this.#cutAtMs) return;
    if (answer.overloaded) {
      this.#cut(answer.answeredAtMs);
      return;
    }
    const ms = answer.answeredAtMs - answer.sentAtMs;
    this.#round.answers += 1;
    this.#round.totalMs += ms;
    this.#round.totalRise += Math.min(ms / this.#usualFor(answer.verb, ms, answer.answeredAtMs), OUTLIER);
    this.#round.wanted ||= answer.othersWait;
    if (this.#round.answers >= Math.max(this.#limit, START)) this.#endRound(answer.answeredAtMs);
  }

  #endRound(nowMs: number): void {
    const { answers, totalMs, totalRise, wanted } = this.#round;
    this.#round = emptyRound();
    const remarkable = totalMs / answers > UNREMARKABLE_MS;
    const rise = totalRise / answers;
    if (remarkable && rise >= CLEAR_RISE) this.#cut(nowMs);
    else if (wanted && !(remarkable && rise >= HOLDS)) this.#limit = Math.min(this.#limit + 1, MAX_IN_FLIGHT);
  }

  #cut(nowMs: number): void {
    this.#limit = Math.max(Math.floor(this.#limit / 2), MIN);
    this.#cutAtMs = nowMs;
    this.#round = emptyRound();
  }

  /** The verb's usual latency before this answer, which then becomes part of it. */
  #usualFor(verb: string, ms: number, nowMs: number): number {
    const usual = this.#usual.get(verb) ?? { ms: Math.max(ms, 1), answers: 0, atMs: nowMs };
    const before = usual.ms;
    usual.answers += 1;
    const weight =
      usual.answers <= WARM_UP_ANSWERS ? 1 / usual.answers : 1 - Math.exp((usual.atMs - nowMs) / MEMORY_MS);
    usual.ms = Math.max(usual.ms + (ms - usual.ms) * weight, 1);
    usual.atMs = nowMs;
    this.#usual.set(verb, usual);
    return before;
  }
}

function emptyRound() {
  return { answers: 0, totalMs: 0, totalRise: 0, wanted: false };
}
