/** A part of a budget, held until it is released. */
export interface Reservation extends Disposable {
  /** Gives it back; a second time does nothing. */
  release(): void;
}

/**
 * Shares out a fixed amount, first come first served: a large request is never overtaken by small ones for ever.
 * One larger than the whole gets it when nobody else holds any, so it runs alone instead of never.
 */
export interface Budget {
  /** Rejects with the signal's reason when that comes first. */
  reserve(amount: number, signal?: AbortSignal): Promise<Reservation>;
  readonly total: number;
  readonly reserved: number;
  readonly waiting: number;
}

interface Waiter {
  readonly amount: number;
  readonly grant: (reservation: Reservation) => void;
}

export function createBudget(total: number): Budget {
  const waiters: Waiter[] = [];
  let reserved = 0;

  return {
    reserve(amount, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted === true) return reject(signal.reason);
        const waiter: Waiter = { amount: Math.min(amount, total), grant };
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
      if (next === undefined || reserved + next.amount > total) return;
      waiters.shift();
      reserved += next.amount;
      next.grant(reservationOf(next.amount));
    }
  }

  function reservationOf(amount: number): Reservation {
    let held = amount;
    const release = () => {
      reserved -= held;
      held = 0;
      grantInTurn();
    };
    return { release, [Symbol.dispose]: release };
  }
}
