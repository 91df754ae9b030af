import type { Clock } from '../../shared/time/clock.ts';

/** Notices when a stream that should speak has been silent for too long: a connection can die without a word. */
export class SilenceWatch {
  readonly #clock: Clock;
  readonly #limitMs: () => number;
  readonly #over = new AbortController();
  #heardAtMs: number;

  constructor(clock: Clock, limitMs: () => number, onSilence: () => void) {
    this.#clock = clock;
    this.#limitMs = limitMs;
    this.#heardAtMs = clock.elapsedMs();
    this.#listen(onSilence).catch(() => {}); // nothing but `end` wakes it early
  }

  heard(): void {
    this.#heardAtMs = this.#clock.elapsedMs();
  }

  end(): void {
    this.#over.abort();
  }

  async #listen(onSilence: () => void): Promise<void> {
    for (let leftMs = this.#leftMs(); leftMs > 0; leftMs = this.#leftMs()) {
      await this.#clock.sleep(leftMs, this.#over.signal);
    }
    onSilence();
  }

  #leftMs(): number {
    return this.#heardAtMs + this.#limitMs() - this.#clock.elapsedMs();
  }
}
