/** A template asks for more than it may. */
export class EffortError extends Error {}

/**
 * What one object's substitution may cost: a few references to a large value make gigabytes, and a pattern with stars
 * on one is matched from every place.
 */
export class Effort {
  #bytesLeft: number;
  #stepsLeft: number;

  constructor({ bytes = 16 * 1024 * 1024, steps = 100_000_000 } = {}) {
    this.#bytesLeft = bytes;
    this.#stepsLeft = steps;
  }

  /** Asked before a text of that length is made. */
  takeBytes(count: number): void {
    this.#bytesLeft -= count;
    if (this.#bytesLeft < 0) throw new EffortError('the result of substitution is too large');
  }

  takeSteps(count: number): void {
    this.#stepsLeft -= count;
    if (this.#stepsLeft < 0) throw new EffortError('a pattern takes too long to match');
  }
}
