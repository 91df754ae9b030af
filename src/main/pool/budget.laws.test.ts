import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Random, randomFrom, seeds } from '../../../test/support/seeds.ts';
import { type Budget, createBudget, type Reservation } from './budget.ts';

interface Request {
  readonly name: number;
  readonly giveUp: AbortController;
}

/** Asks, gives back, gives up and moves the total at random, and knows who should have what. */
class Walk {
  readonly budget: Budget = createBudget(10);
  readonly requests: Request[] = [];
  readonly granted: number[] = [];
  readonly held: Reservation[] = [];
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  async step(name: number): Promise<void> {
    const deed = this.#random.below(6);
    if (deed <= 1) this.#ask(name);
    else if (deed === 2) this.#takeHeld()?.release();
    else if (deed === 3 && this.requests.length > 0) this.#random.pick(this.requests).giveUp.abort();
    else if (deed === 4 && this.held.length > 0) this.#random.pick(this.held).resize(1 + this.#random.below(12));
    else if (deed === 5) this.budget.setTotal(1 + this.#random.below(20));
    await new Promise(setImmediate);
  }

  get heldAmount(): number {
    return this.held.reduce((sum, { amount }) => sum + amount, 0);
  }

  #ask(name: number): void {
    const request = { name, giveUp: new AbortController() };
    this.requests.push(request);
    this.budget.reserve(1 + this.#random.below(15), request.giveUp.signal).then(
      (reservation) => {
        this.granted.push(name);
        this.held.push(reservation);
      },
      () => this.requests.splice(this.requests.indexOf(request), 1),
    );
  }

  #takeHeld(): Reservation | undefined {
    return this.held.splice(this.#random.below(this.held.length), 1)[0];
  }
}

for (const seed of seeds()) {
  test(`grants in turn, within the total or alone, and loses nothing (seed ${seed})`, async () => {
    const walk = new Walk(randomFrom(seed));
    const { budget, held, granted, requests } = walk;
    for (let name = 0; name < 300; name += 1) {
      const before = granted.length;
      await walk.step(name);
      const inTurn = requests.slice(0, granted.length).map((request) => request.name);
      assert.deepEqual(granted, inTurn, 'in turn');
      assert.equal(walk.heldAmount, budget.reserved, 'counts what is held');
      assert.equal(budget.waiting, requests.length - granted.length, 'the others wait');
      if (granted.length > before) assert.ok(budget.reserved <= budget.total || held.length === 1, 'fits, or alone');
      assert.ok(budget.reserved > 0 || budget.waiting === 0, 'nobody waits for nothing');
    }
    for (const { giveUp } of requests.toReversed()) giveUp.abort(); // the last first: nobody comes in by that
    for (const reservation of held) reservation.release();
    assert.deepEqual([budget.reserved, budget.waiting], [0, 0]);
  });
}
