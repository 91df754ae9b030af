import type { ObjectId } from '../../shared/objects/object-id.ts';
import type { Clock } from '../../shared/time/clock.ts';

const WINDOW_MS = 5 * 60_000;
const MOST = 3;

/** How often each object was put right of late: a fight that is lost is not fought at every blow. */
export class Corrections {
  /** When, the last ones. */
  readonly #atMs = new Map<ObjectId, readonly number[]>();
  readonly #lost = new Set<ObjectId>();
  readonly #clock: Pick<Clock, 'elapsedMs'>;

  constructor(clock: Pick<Clock, 'elapsedMs'>) {
    this.#clock = clock;
  }

  /** Says when this was the third within five minutes: from here on the interval corrects. */
  note(id: ObjectId): 'lost' | undefined {
    const now = this.#clock.elapsedMs();
    const recent = [...(this.#atMs.get(id) ?? []).filter((atMs) => atMs > now - WINDOW_MS), now];
    this.#atMs.set(id, recent.slice(-MOST));
    if (recent.length < MOST || this.#lost.has(id)) return undefined;
    this.#lost.add(id);
    return 'lost';
  }

  isLost(id: ObjectId): boolean {
    return this.#lost.has(id);
  }

  /** These are the StageSet's objects, and all of them are as they should be: a fight that has rested so long is over. */
  allStand(ids: ReadonlySet<ObjectId>): void {
    const since = this.#clock.elapsedMs() - WINDOW_MS;
    for (const [id, atMs] of this.#atMs) {
      if (ids.has(id) && (atMs.at(-1) ?? 0) > since) continue;
      this.#atMs.delete(id);
      this.#lost.delete(id);
    }
  }
}
