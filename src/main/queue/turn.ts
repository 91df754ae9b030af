import type { Clock } from '../../shared/time/clock.ts';

/** Leave to work: one slot. */
export interface Turn {
  /**
   * Gives the slot back while `wait` runs, then stands in line again in lane `woken`; also when `wait` fails, for its
   * caller has work to do then. Rejects with the signal's reason when the signal of the wish aborts in that line.
   * Inside a park another park changes nothing. What runs beside and needs a slot takes a turn of its own.
   * With `patienceMs` the slot is kept for so long: a wait that is over by then has cost no place in line.
   */
  whileParked<T>(waitingFor: string, wait: () => Promise<T>, patienceMs?: number): Promise<T>;
  /** How long it has been without a slot so far, in line again included. */
  readonly parkedMs: number;
  /** The end, parked or not. Again is harmless. */
  release(): void;
}

/** What a turn asks of those who handed it out. */
export interface SlotKeeper {
  giveBack(): void;
  takeAgain(): Promise<void>;
  /** Counts one more that waits for this, until the returned function is called. */
  countParked(waitingFor: string): () => void;
  readonly clock: Clock;
}

/** A turn as `Turns` hands it out: it holds a slot from the start. */
export class SlotTurn implements Turn {
  readonly #keeper: SlotKeeper;
  #state: 'working' | 'parked' | 'released' = 'working';
  #parkedMs = 0;
  #parkedAtMs: number | undefined;

  constructor(keeper: SlotKeeper) {
    this.#keeper = keeper;
  }

  get parkedMs(): number {
    const sinceMs = this.#parkedAtMs;
    return sinceMs === undefined ? this.#parkedMs : this.#parkedMs + this.#keeper.clock.elapsedMs() - sinceMs;
  }

  async whileParked<T>(waitingFor: string, wait: () => Promise<T>, patienceMs = 0): Promise<T> {
    if (this.#state !== 'working') return wait();
    if (patienceMs === 0) return this.#park(waitingFor, wait);
    const ended = wait();
    const wasShort = await endsWithin(patienceMs, ended, this.#keeper.clock);
    return wasShort || this.#state !== 'working' ? ended : this.#park(waitingFor, () => ended);
  }

  release(): void {
    if (this.#state === 'working') this.#keeper.giveBack();
    this.#state = 'released';
  }

  async #park<T>(waitingFor: string, wait: () => Promise<T>): Promise<T> {
    this.#state = 'parked';
    this.#parkedAtMs = this.#keeper.clock.elapsedMs();
    const uncount = this.#keeper.countParked(waitingFor);
    this.#keeper.giveBack();
    try {
      return await wait();
    } finally {
      uncount();
      await this.#comeBack();
      this.#parkedMs = this.parkedMs;
      this.#parkedAtMs = undefined;
    }
  }

  async #comeBack(): Promise<void> {
    if (this.#isReleased()) return;
    await this.#keeper.takeAgain();
    // Released while it stood in line: nobody would ever give this slot back.
    if (this.#isReleased()) this.#keeper.giveBack();
    else this.#state = 'working';
  }

  #isReleased(): boolean {
    return this.#state === 'released';
  }
}

async function endsWithin(ms: number, work: Promise<unknown>, clock: Clock): Promise<boolean> {
  const ended = new AbortController();
  work.then(
    () => ended.abort(),
    () => ended.abort(),
  );
  return clock.sleep(ms, ended.signal).then(
    () => false,
    () => true,
  );
}
