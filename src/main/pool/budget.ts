/** A part of a budget, held until it is released. */
export interface Reservation extends Disposable {
  readonly amount: number;
  /** To what is in fact held. Growing waits for nobody: it counts at once, and whoever comes next waits for it. */
  resize(amount: number): void;
  /** Cuts a part off, with an end of its own. */
  split(amount: number): Reservation;
  /** Gives it back; a second time does nothing. */
  release(): void;
}

/**
 * Shares out an amount, first come first served: a large request is never overtaken by small ones for ever.
 * One larger than the whole gets it when nobody else holds any, so it runs alone instead of never.
 * Whoever reserves while holding a reservation may wait for itself: reserve once, for all that will be held.
 */
export interface Budget {
  /** Rejects with the signal's reason when that comes first. */
  reserve(amount: number, signal?: AbortSignal): Promise<Reservation>;
  /** What is held stays held: below that, the next ones wait until enough has come back. */
  setTotal(total: number): void;
  readonly total: number;
  readonly reserved: number;
  readonly waiting: number;
}

interface Waiter {
  readonly amount: number;
  readonly grant: (reservation: Reservation) => void;
}

export function createBudget(initialTotal: number): Budget {
  const waiters: Waiter[] = [];
  let total = initialTotal;
  let reserved = 0;

  return {
    reserve(amount, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted === true) return reject(signal.reason);
        const waiter: Waiter = { amount, grant };
        signal?.addEventListener('abort', giveUp, { once: true });
        waiters.push(waiter);
        grantInTurn();

        function grant(reservation: Reservation): void {
          signal?.removeEventListener('abort', giveUp);
          resolve(reservation);
        }

        function giveUp(): void {
          waiters.splice(waiters.indexOf(waiter), 1);
          reject(signal?.reason);
          grantInTurn(); // the next one may be smaller
        }
      });
    },
    setTotal(wanted) {
      total = wanted;
      grantInTurn();
    },
    get total() {
      return total;
    },
    get reserved() {
      return reserved;
    },
    get waiting() {
      return waiters.length;
    },
  };

  function grantInTurn(): void {
    for (;;) {
      const next = waiters[0];
      if (next === undefined || (reserved > 0 && reserved + next.amount > total)) return;
      waiters.shift();
      reserved += next.amount;
      next.grant(reservationOf(next.amount));
    }
  }

  function reservationOf(amount: number): Reservation {
    let held = amount;
    let released = false;
    const resize = (wanted: number) => {
      if (released) return;
      reserved += wanted - held;
      held = wanted;
      grantInTurn();
    };
    const release = () => {
      resize(0);
      released = true;
    };
    return {
      get amount() {
        return held;
      },
      resize,
      split(part) {
        const cut = Math.min(part, held);
        held -= cut;
        return reservationOf(cut);
      },
      release,
      [Symbol.dispose]: release,
    };
  }
}
