/** First come, first served, as many at once as the limit says at the moment. */
export class Turns {
  readonly #limit: () => number;
  #inFlight = 0;
  #queue: Waiter[] = [];
  #next = 0;
  #waiting = 0;

  constructor(limit: () => number) {
    this.#limit = limit;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** Resolves when it is the caller's turn, which ends with `done`; rejects when the signal is first. */
  async take(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#waiting === 0 && this.#inFlight < this.#limit()) {
      this.#inFlight += 1;
      return;
    }
    await this.#waitInLine(signal);
  }

  done(): void {
    this.#inFlight -= 1;
    while (this.#waiting > 0 && this.#inFlight < this.#limit()) this.#serveNext();
  }

  #waitInLine(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        waiter.left = true;
        this.#waiting -= 1;
        reject(signal.reason);
      };
      const serve = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const waiter: Waiter = { left: false, serve };
      signal.addEventListener('abort', leave);
      this.#queue.push(waiter);
      this.#waiting += 1;
    });
  }

  #serveNext(): void {
    const waiter = this.#queue[this.#next];
    this.#next += 1;
    // Cut off in batches what was served: a shift for each would copy the queue every time.
    if (this.#next * 2 > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#next);
      this.#next = 0;
    }
    if (waiter === undefined || waiter.left) return;
    this.#waiting -= 1;
    this.#inFlight += 1;
    waiter.serve();
  }
}

interface Waiter {
  left: boolean;
  readonly serve: () => void;
}
