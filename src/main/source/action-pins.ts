import type { Pin } from './pin.ts';
import type { SourceRef } from './resolve.ts';

/**
 * What the sources that only actions name are pinned to, for one run. A run may have dozens of them and waits for one at
 * a time: only a source that is in use supersedes it when it moves.
 */
export class ActionPins {
  readonly #pins = new Map<string, Pin>();
  readonly #inUse = new Set<Pin>();

  get inUse(): readonly Pin[] {
    return [...this.#inUse];
  }

  /** What is pinned already stays. In use until it is disposed of. */
  use(ref: SourceRef, pinNow: () => Pin): Disposable & { readonly pin: Pin } {
    const key = JSON.stringify([ref.apiVersion, ref.kind, ref.namespace, ref.name]);
    const pin = this.#pins.get(key) ?? pinNow();
    this.#pins.set(key, pin);
    this.#inUse.add(pin);
    return { pin, [Symbol.dispose]: () => this.#inUse.delete(pin) };
  }
}
