import type { LeaseLost } from '../kube/errors.ts';
import type { Lease } from '../kube/types.ts';

/** A run's part in a lease. Closed, the run sends nothing more, while what it has sent is let finish. */
export class RunLease implements Lease {
  readonly #lease: Lease;
  #closed: LeaseLost | undefined;

  constructor(lease: Lease) {
    this.#lease = lease;
  }

  get signal(): AbortSignal {
    return this.#lease.signal;
  }

  throwIfEnded(): void {
    if (this.#closed !== undefined) throw this.#closed;
    this.#lease.throwIfEnded();
  }

  close(why: LeaseLost): void {
    this.#closed ??= why;
  }
}
