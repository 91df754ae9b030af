import type { ObjectId } from '../../shared/objects/object-id.ts';
import { isByHand } from '../live/override-managers.ts';

/** Whose fields were folded into ours: a tool that comes back to an object still runs, and folding would be a fight. */
export class Folds {
  readonly #folded = new Map<ObjectId, Set<string>>();
  readonly #givenUp = new Set<ObjectId>();

  /** `because` names who came back, once. */
  ask(id: ObjectId, managers: readonly string[]): { readonly fold: boolean; readonly because?: string } {
    if (this.#givenUp.has(id)) return { fold: false };
    const before = this.#folded.get(id);
    const back = managers.find((manager) => before?.has(manager));
    if (back === undefined) return { fold: true };
    this.#givenUp.add(id);
    this.#folded.delete(id);
    return { fold: false, because: back };
  }

  done(id: ObjectId, managers: readonly string[]): void {
    const tools = managers.filter((manager) => !isByHand(manager));
    if (tools.length > 0) this.#folded.set(id, new Set([...(this.#folded.get(id) ?? []), ...tools]));
  }

  /** These are the StageSet's objects now. */
  keep(ids: ReadonlySet<ObjectId>): void {
    for (const known of [this.#folded, this.#givenUp]) {
      for (const id of known.keys()) if (!ids.has(id)) known.delete(id);
    }
  }
}
