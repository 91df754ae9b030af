import type { Clock } from '../../shared/time/clock.ts';
import { Chain, type Link } from './chain.ts';
import { FairLine } from './fair-line.ts';
import { isBetter, type Lane } from './lane.ts';
import { SlotTurn, type Turn } from './turn.ts';

export interface TurnWish {
  readonly lane: Lane;
  readonly namespace: string;
  /** Aborted, the request leaves the line and rejects with the signal's reason. */
  readonly signal: AbortSignal;
}

export interface TurnRequest {
  readonly granted: Promise<Turn>;
  /** To the end of a better lane; its age stays. A worse lane, or too late: nothing. */
  upgrade(lane: Lane): void;
}

export interface TurnsStats {
  readonly busy: number;
  readonly waiting: number;
  readonly oldestWaitMs: number;
  /** How many turns gave their slot back for a while, by what they wait for. */
  readonly parked: ReadonlyMap<string, number>;
}

/** One grant in so many goes by age alone. */
const oldestEvery = 8;

/**
 * Who may work now.
 * - At most `slots` turns hold a slot. A parked turn holds none, so any number may be parked.
 * - A free slot goes to the best lane in which someone waits. Inside a lane namespaces take turns; inside a namespace
 *   it is first come, first served.
 * - Every eighth grant goes to the request that has waited longest, whatever its lane: none waits for ever.
 * - Each step costs the same, however many wait.
 */
export class Turns {
  readonly #slots: number;
  readonly #clock: Clock;
  readonly #lines: Readonly<Record<Lane, FairLine<Waiting>>> = {
    asked: new FairLine(),
    woken: new FairLine(),
    retry: new FairLine(),
    resync: new FairLine(),
  };
  readonly #byAge = new Chain<Waiting>();
  readonly #bySignal = new WeakMap<AbortSignal, Set<Waiting>>();
  readonly #parked = new Map<string, number>();
  #busy = 0;
  #grants = 0;

  constructor({ slots, clock }: { readonly slots: number; readonly clock: Clock }) {
    this.#slots = slots;
    this.#clock = clock;
  }

  take(wish: TurnWish): Promise<Turn> {
    return this.request(wish).granted;
  }

  request(wish: TurnWish): TurnRequest {
    const waiting = this.#standInLine(wish);
    return {
      granted: waiting.slot.promise.then(() => this.#turnFor(wish)),
      upgrade: (lane) => this.#upgrade(waiting, lane),
    };
  }

  stats(): TurnsStats {
    const oldest = this.#byAge.first;
    return {
      busy: this.#busy,
      waiting: this.#byAge.size,
      oldestWaitMs: oldest === undefined ? 0 : this.#clock.elapsedMs() - oldest.sinceMs,
      parked: new Map(this.#parked),
    };
  }

  #turnFor({ namespace, signal }: TurnWish): Turn {
    return new SlotTurn({
      giveBack: () => {
        this.#busy -= 1;
        this.#serve();
      },
      takeAgain: () => this.#standInLine({ lane: 'woken', namespace, signal }).slot.promise,
      countParked: (waitingFor) => {
        this.#addParked(waitingFor, 1);
        return () => this.#addParked(waitingFor, -1);
      },
      clock: this.#clock,
    });
  }

  #standInLine({ lane, namespace, signal }: TurnWish): Waiting {
    const waiting: Waiting = {
      namespace,
      signal,
      lane,
      sinceMs: this.#clock.elapsedMs(),
      slot: Promise.withResolvers(),
      place: undefined,
    };
    if (signal.aborted) {
      waiting.slot.reject(signal.reason);
      return waiting;
    }
    waiting.place = { leaveLane: this.#lines[lane].join(namespace, waiting), age: this.#byAge.push(waiting) };
    this.#othersOf(signal).add(waiting);
    this.#serve();
    return waiting;
  }

  #serve(): void {
    while (this.#busy < this.#slots && this.#byAge.size > 0) {
      this.#grants += 1;
      const next = this.#grants % oldestEvery === 0 ? this.#byAge.first : this.#mostUrgent();
      if (next === undefined) return;
      this.#leave(next);
      this.#busy += 1;
      next.slot.resolve();
    }
  }

  #mostUrgent(): Waiting | undefined {
    const { asked, woken, retry, resync } = this.#lines;
    return asked.next() ?? woken.next() ?? retry.next() ?? resync.next();
  }

  #upgrade(waiting: Waiting, lane: Lane): void {
    if (waiting.place === undefined || !isBetter(lane, waiting.lane)) return;
    waiting.place.leaveLane();
    waiting.place.leaveLane = this.#lines[lane].join(waiting.namespace, waiting);
    waiting.lane = lane;
  }

  #leave(waiting: Waiting): void {
    if (waiting.place === undefined) return;
    waiting.place.leaveLane();
    this.#byAge.remove(waiting.place.age);
    waiting.place = undefined;
    this.#bySignal.get(waiting.signal)?.delete(waiting);
  }

  /** One listener a signal: thousands share the controller's own, and a listener costs a walk over all the others. */
  #othersOf(signal: AbortSignal): Set<Waiting> {
    const known = this.#bySignal.get(signal);
    if (known !== undefined) return known;
    const all = new Set<Waiting>();
    this.#bySignal.set(signal, all);
    const refuseAll = () => {
      for (const waiting of all) {
        this.#leave(waiting);
        waiting.slot.reject(signal.reason);
      }
    };
    signal.addEventListener('abort', refuseAll, { once: true });
    return all;
  }

  #addParked(waitingFor: string, change: 1 | -1): void {
    const count = (this.#parked.get(waitingFor) ?? 0) + change;
    if (count === 0) this.#parked.delete(waitingFor);
    else this.#parked.set(waitingFor, count);
  }
}

interface Waiting {
  readonly namespace: string;
  readonly signal: AbortSignal;
  readonly sinceMs: number;
  readonly slot: PromiseWithResolvers<void>;
  lane: Lane;
  /** Where it stands; undefined once it has left. */
  place: { leaveLane: () => void; readonly age: Link<Waiting> } | undefined;
}
