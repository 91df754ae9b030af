import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Random, randomFrom, seeds } from '../../../test/support/seeds.ts';
import { Store } from './store.ts';

interface Thing {
  readonly metadata: { readonly name: string; readonly resourceVersion: string };
}

/** A server that remembers all it did, in order. */
class Server {
  readonly objects = new Map<string, Thing>();
  readonly log: { readonly type: 'put' | 'remove'; readonly object: Thing }[] = [];

  write(name: string): Thing {
    const object = { metadata: { name, resourceVersion: String(this.log.length + 1) } };
    this.objects.set(name, object);
    this.log.push({ type: 'put', object });
    return object;
  }

  delete(name: string): void {
    if (!this.objects.delete(name)) return;
    const object = { metadata: { name, resourceVersion: String(this.log.length + 1) } };
    this.log.push({ type: 'remove', object });
  }
}

/** A watch that lags, lists that take their time, and answers to our own writes in any order. */
class Scene {
  readonly server = new Server();
  readonly store = new Store<Thing, 'name'>({ name: ({ metadata }) => [metadata.name] });
  readonly #random: Random;
  readonly #answers: Thing[] = [];
  #heard = 0;
  #list: { readonly objects: readonly Thing[]; readonly version: number } | undefined;

  constructor(random: Random) {
    this.#random = random;
  }

  step(): void {
    const name = `o${this.#random.below(4)}`;
    this.#random.pick([
      () => this.server.write(name),
      () => this.#answers.push(this.server.write(name)),
      () => this.server.delete(name),
      () => this.hearNext(),
      () => this.hearNext(),
      () => this.takeAnswer(),
      () => this.beginList(),
      () => this.endList(),
    ])();
  }

  /** A watch says nothing while its list is under way. */
  hearNext(): boolean {
    const event = this.#list === undefined ? this.server.log[this.#heard] : undefined;
    if (event === undefined) return false;
    this.#heard += 1;
    this.store[event.type](event.object);
    return true;
  }

  takeAnswer(): boolean {
    const [answer] = this.#answers.splice(this.#random.below(this.#answers.length), 1);
    if (answer !== undefined) this.store.put(answer);
    return answer !== undefined;
  }

  beginList(): void {
    this.#list ??= { objects: [...this.server.objects.values()], version: this.server.log.length };
  }

  endList(): void {
    if (this.#list === undefined) return;
    this.store.replaceAll(this.#list.objects, String(this.#list.version));
    this.#heard = this.#list.version;
    this.#list = undefined;
  }

  settle(): void {
    this.endList();
    let more = true;
    while (more)
      more = this.#random.below(2) === 0 ? this.hearNext() || this.takeAnswer() : this.takeAnswer() || this.hearNext();
  }
}

for (const seed of seeds()) {
  test(`in whatever order things are heard, the store ends as the server and no object goes back, seed ${seed}`, () => {
    const random = randomFrom(seed);
    for (let round = 0; round < 300; round += 1) {
      const scene = new Scene(random);
      scene.store.onChange((_key, now, before) => {
        if (now === undefined || before === undefined) return;
        assert.ok(Number(now.metadata.resourceVersion) > Number(before.metadata.resourceVersion), `seed ${seed}`);
      });
      scene.beginList();
      scene.endList();
      for (let step = 0; step < 60; step += 1) scene.step();
      scene.settle();
      const held = new Map([...scene.store.values()].map((object) => [object.metadata.name, object]));
      assert.deepEqual(sorted(held), sorted(scene.server.objects), `seed ${seed}, round ${round}`);
      for (const name of ['o0', 'o1', 'o2', 'o3']) {
        const object = scene.server.objects.get(name);
        assert.deepEqual(scene.store.byIndex('name', name), object === undefined ? [] : [object], `seed ${seed}`);
      }
    }
  });
}

function sorted(objects: ReadonlyMap<string, Thing>): readonly [string, Thing][] {
  return [...objects].toSorted(([a], [b]) => (a < b ? -1 : 1));
}
