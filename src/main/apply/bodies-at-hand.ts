import type { HeldBodies } from '../build/builds.ts';
import type { BodyOf } from './send-apply.ts';

/** The bodies of a stage while they are sent. A run that waits holds none: it lays them down and takes them up again. */
export class BodiesAtHand implements Disposable {
  readonly #take: () => Promise<HeldBodies>;
  #held: HeldBodies | undefined;

  private constructor(take: () => Promise<HeldBodies>, held: HeldBodies) {
    this.#take = take;
    this.#held = held;
  }

  static async taken(take: () => Promise<HeldBodies>): Promise<BodiesAtHand> {
    return new BodiesAtHand(take, await take());
  }

  readonly bodyOf: BodyOf = ({ offset, length }) => {
    if (this.#held === undefined) throw new Error('bodies are sent that were laid down');
    return new Uint8Array(this.#held.bytes, offset, length);
  };

  layDown(): void {
    this.#held?.[Symbol.dispose]();
    this.#held = undefined;
  }

  async takeUp(): Promise<void> {
    this.#held ??= await this.#take();
  }

  [Symbol.dispose](): void {
    this.layDown();
  }
}
