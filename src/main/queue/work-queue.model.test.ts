import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as settled } from 'node:timers/promises';
import { type Random, randomFrom, seeds } from '../../../test/support/seeds.ts';
import { ManualClock } from '../../shared/time/manual-clock.ts';
import { type Lane, lanes } from './lane.ts';
import { Turns } from './turns.ts';
import { type Wish, WorkQueue } from './work-queue.ts';

// The queue against its own laws, written down as sorted lists: slow and plain.

type Step =
  | { readonly does: 'add'; readonly key: string; readonly wish: Wish }
  | { readonly does: 'advance'; readonly ms: number }
  | { readonly does: 'end' | 'park' | 'wake'; readonly key: string };

/** What can be seen from outside after a step. */
interface Seen {
  readonly started: readonly string[];
  readonly back: readonly string[];
  readonly busy: number;
  readonly waiting: number;
  readonly parked: number;
  readonly depth: number;
  readonly running: number;
}

interface PlainEntry {
  readonly key: string;
  readonly namespace: string;
  because: string;
  lane: Lane;
  dueMs: number;
  dueOrder: number;
  inLine: boolean;
}

interface PlainRequest {
  readonly key: string;
  readonly namespace: string;
  lane: Lane;
  readonly age: number;
  laneAge: number;
  readonly returns: boolean;
}

class PlainQueue {
  #nowMs = 0;
  #order = 0;
  #grants = 0;
  #entries: PlainEntry[] = [];
  #line: PlainRequest[] = [];
  readonly #slots: number;
  readonly #servedAt = new Map<string, number>();
  readonly states = new Map<string, { at: 'working' | 'parked' | 'returning'; readonly namespace: string }>();
  #started: string[] = [];
  #back: string[] = [];

  constructor(slots: number) {
    this.#slots = slots;
  }

  play(step: Step): Seen {
    this.#started = [];
    this.#back = [];
    if (step.does === 'add') this.#add(step.key, step.wish);
    if (step.does === 'advance') this.#advance(step.ms);
    if (step.does === 'end') this.#end(step.key);
    if (step.does === 'park') this.#setState(step.key, 'parked');
    if (step.does === 'wake') this.#wake(step.key);
    this.#serve();
    const states = [...this.states.values()];
    return {
      started: this.#started,
      back: this.#back,
      busy: states.filter(({ at }) => at === 'working').length,
      waiting: this.#line.length,
      parked: states.filter(({ at }) => at === 'parked').length,
      depth: this.#entries.filter(({ key, dueMs }) => dueMs <= this.#nowMs && !this.states.has(key)).length,
      running: states.length,
    };
  }

  #next(): number {
    this.#order += 1;
    return this.#order;
  }

  #add(key: string, { namespace, because, lane, afterMs = 0 }: Wish): void {
    const dueMs = this.#nowMs + afterMs;
    const entry = this.#entries.find((known) => known.key === key);
    if (entry === undefined) {
      this.#entries.push({ key, namespace, because, lane, dueMs, dueOrder: this.#next(), inLine: false });
    } else {
      if (!entry.because.split(',').includes(because)) entry.because += `,${because}`;
      if (dueMs < entry.dueMs) Object.assign(entry, { dueMs, dueOrder: this.#next() });
      if (lanes.indexOf(lane) < lanes.indexOf(entry.lane)) this.#moveUp(entry, lane);
    }
    this.#lineUpDue();
  }

  #moveUp(entry: PlainEntry, lane: Lane): void {
    entry.lane = lane;
    const request = this.#line.find(({ key, returns }) => key === entry.key && !returns);
    if (request !== undefined) this.#enterLane(request, lane);
  }

  #advance(ms: number): void {
    for (let passed = 0; passed < ms; passed += 1) {
      this.#nowMs += 1;
      this.#lineUpDue();
    }
  }

  #lineUpDue(): void {
    const due = this.#entries
      .filter(({ key, dueMs, inLine }) => dueMs <= this.#nowMs && !inLine && !this.states.has(key))
      .toSorted((a, b) => a.dueMs - b.dueMs || a.dueOrder - b.dueOrder);
    for (const entry of due) {
      entry.inLine = true;
      this.#joinLine(entry.key, entry.namespace, entry.lane, false);
      this.#serve();
    }
  }

  #joinLine(key: string, namespace: string, lane: Lane, returns: boolean): void {
    const request = { key, namespace, lane, age: this.#next(), laneAge: 0, returns };
    this.#line.push(request);
    this.#enterLane(request, lane);
  }

  #enterLane(request: PlainRequest, lane: Lane): void {
    const isFirst = !this.#line.some((other) => other !== request && sameTurns(other, { ...request, lane }));
    if (isFirst) this.#servedAt.set(`${lane} ${request.namespace}`, this.#next());
    request.lane = lane;
    request.laneAge = this.#next();
  }

  #serve(): void {
    const busy = () => [...this.states.values()].filter(({ at }) => at === 'working').length;
    while (this.#line.length > 0 && busy() < this.#slots) {
      this.#grants += 1;
      const granted = this.#grants % 8 === 0 ? this.#oldest() : this.#mostUrgent();
      this.#line = this.#line.filter((request) => request !== granted);
      if (granted.returns) this.#back.push(granted.key);
      else this.#start(granted.key);
      this.states.set(granted.key, { at: 'working', namespace: granted.namespace });
    }
  }

  #oldest(): PlainRequest {
    return this.#line.toSorted((a, b) => a.age - b.age)[0]!;
  }

  #mostUrgent(): PlainRequest {
    const servedAt = ({ lane, namespace }: PlainRequest) => this.#servedAt.get(`${lane} ${namespace}`)!;
    const first = this.#line.toSorted(
      (a, b) => lanes.indexOf(a.lane) - lanes.indexOf(b.lane) || servedAt(a) - servedAt(b) || a.laneAge - b.laneAge,
    )[0]!;
    this.#servedAt.set(`${first.lane} ${first.namespace}`, this.#next());
    return first;
  }

  #start(key: string): void {
    const entry = this.#entries.find((known) => known.key === key)!;
    this.#entries = this.#entries.filter((known) => known !== entry);
    this.#started.push(`${key} because ${entry.because} after ${this.#nowMs - entry.dueMs}`);
  }

  #end(key: string): void {
    this.states.delete(key);
    // Its slot goes to whoever stands in line already; only then does what was added meanwhile join.
    this.#serve();
    const kept = this.#entries.find((entry) => entry.key === key);
    if (kept !== undefined) kept.dueOrder = this.#next();
    this.#lineUpDue();
  }

  #wake(key: string): void {
    const { namespace } = this.states.get(key)!;
    this.#setState(key, 'returning');
    this.#joinLine(key, namespace, 'woken', true);
  }

  #setState(key: string, at: 'parked' | 'returning'): void {
    this.states.set(key, { at, namespace: this.states.get(key)!.namespace });
  }
}

function sameTurns(a: PlainRequest, b: PlainRequest): boolean {
  return a.lane === b.lane && a.namespace === b.namespace;
}

/** The real one, driven by the same steps. */
class RealQueue {
  readonly #clock = new ManualClock();
  readonly #turns: Turns;
  readonly #queue: WorkQueue;
  readonly #runs = new Map<string, { end: () => void; park: () => void; wake: () => void }>();
  #started: string[] = [];
  #back: string[] = [];

  constructor(slots: number) {
    this.#turns = new Turns({ slots, clock: this.#clock });
    this.#queue = new WorkQueue({ turns: this.#turns, clock: this.#clock });
    void this.#queue.process({
      handle: (key, { because, waitedMs, turn }) => {
        this.#started.push(`${key} because ${because.join()} after ${waitedMs}`);
        const run = Promise.withResolvers<void>();
        let event = Promise.withResolvers<void>();
        this.#runs.set(key, {
          end: () => run.resolve(),
          wake: () => event.resolve(),
          park: () => {
            event = Promise.withResolvers();
            void turn.whileParked('event', () => event.promise).then(() => this.#back.push(key));
          },
        });
        return run.promise;
      },
      onCrash: assert.fail,
      signal: new AbortController().signal,
    });
  }

  async play(step: Step): Promise<Seen> {
    this.#started = [];
    this.#back = [];
    if (step.does === 'add') this.#queue.add(step.key, step.wish);
    else if (step.does === 'advance') await this.#clock.advance(step.ms);
    else this.#runs.get(step.key)![step.does]();
    await settled();
    assert.ok(this.#clock.sleeping <= 1, 'one timer for all');
    const { busy, waiting, parked } = this.#turns.stats();
    const { depth, running } = this.#queue.stats();
    return {
      started: this.#started,
      back: this.#back,
      busy,
      waiting,
      parked: parked.get('event') ?? 0,
      depth,
      running,
    };
  }
}

function nextStep(random: Random, states: PlainQueue['states']): Step {
  const roll = random.below(10);
  const keysAt = (wanted: string) => [...states].filter(([, { at }]) => at === wanted).map(([key]) => key);
  const working = keysAt('working');
  const parked = keysAt('parked');
  if (roll < 2 && working.length > 0) return { does: 'end', key: random.pick(working) };
  if (roll === 2 && working.length > 0) return { does: 'park', key: random.pick(working) };
  if (roll === 3 && parked.length > 0) return { does: 'wake', key: random.pick(parked) };
  if (roll === 4) return { does: 'advance', ms: random.below(30) };
  const number = random.below(60);
  const wish = {
    namespace: `team-${number % 7}`,
    because: random.pick(['source moved', 'retry', 'interval']),
    lane: random.pick(lanes),
    afterMs: random.pick([0, 0, 0, 5, 5, 20, 40]),
  };
  return { does: 'add', key: `key-${number}`, wish };
}

for (const seed of seeds()) {
  test(`the queue does what its laws say (seed ${seed})`, async () => {
    const random = randomFrom(seed);
    const slots = 1 + random.below(4);
    const plain = new PlainQueue(slots);
    const real = new RealQueue(slots);
    for (let number = 0; number < 3_000; number += 1) {
      const step = nextStep(random, plain.states);
      assert.deepEqual(
        await real.play(step),
        plain.play(step),
        `seed ${seed}, step ${number}: ${JSON.stringify(step)}`,
      );
    }
  });
}
