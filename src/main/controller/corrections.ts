import type { ObjectId } from '../../shared/objects/object-id.ts';
import type { Clock } from '../../shared/time/clock.ts';

const WINDOW_MS = 5 * 60_000;
const MOST = 3;

/** How often each object was put right of late: a fight that is lost is not fought at every blow. */
export class Corrections {
  readonly #atMs = new Map<ObjectId, number[]>();
  readonly #clock: Pick<Clock, 'elapsedMs'>;

  constructor(clock: Pick<Clock, 'elapsedMs'>) {
    this.#clock = clock;
  }

  note(id: ObjectId): void {
    this.#atMs.set(id, [...this.#recent(id), this.#clock.elapsedMs()]);
  }

  /** Corrected three times within five minutes: from here on the interval does. */
  isLost(id: ObjectId): boolean {
    return this.#recent(id).length >= MOST;
  }

  /** These are the StageSet's objects now. */
  keep(ids: ReadonlySet<ObjectId>): void {
    for (const id of this.#atMs.keys()) if (!ids.has(id)) this.#atMs.delete(id);
  }

  #recent(id: ObjectId): readonly number[] {
    const since = this.#clock.elapsedMs() - WINDOW_MS;
    return (this.#atMs.get(id) ?? []).filter((atMs) => atMs > since);
  }
}
