import type { ObjectId } from '../../shared/objects/object-id.ts';

/**
 * What a StageSet has made its own in its present rollout. It takes an object from another StageSet once a rollout; one
 * that is taken from it afterwards is yielded, so two that render the same object do not fight over it.
 */
export class Claims {
  #rollout = '';
  readonly #stages = new Set<string>();
  readonly #adopted = new Set<ObjectId>();

  /** Another rollout may claim anew. */
  begin(rollout: string): void {
    if (rollout === this.#rollout) return;
    this.#rollout = rollout;
    this.#stages.clear();
    this.#adopted.clear();
  }

  /** All objects of this stage are applied. */
  stage(name: string): void {
    this.#stages.add(name);
  }

  adopted(id: ObjectId): void {
    this.#adopted.add(id);
  }

  has(stage: string, id: ObjectId): boolean {
    return this.#stages.has(stage) || this.#adopted.has(id);
  }
}
