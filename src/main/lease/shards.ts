import { LeaseLost } from '../kube/errors.ts';
import type { Lease } from '../kube/types.ts';
import type { ShardWork } from './election.ts';
import { shardOf } from './shard-of.ts';

export type Owns = (key: string) => boolean;

/** Told which StageSets come and go. */
export interface ShardKeeper {
  gained(owns: Owns): void;
  /** Starts nothing more for them; resolves when nothing is under way. */
  drained(owns: Owns, why: LeaseLost): Promise<void>;
  lost(owns: Owns, why: LeaseLost): void;
}

export interface ShardsOptions {
  readonly count: number;
  readonly keeper: ShardKeeper;
  /** Resolves when everything that earlier owners wrote is known. */
  readonly catchUp: () => Promise<void>;
}

/** For which StageSets this process may write now. */
export class Shards implements ShardWork {
  readonly #options: ShardsOptions;
  /** Known to be ours, and perhaps not caught up yet. */
  readonly #held = new Map<number, Lease>();
  readonly #led = new Map<number, Lease>();
  #nextCatchUp: Promise<void> | undefined;

  constructor(options: ShardsOptions) {
    this.#options = options;
  }

  /** Undefined: it is another replica's, or nobody's. */
  leaseOf(key: string): Lease | undefined {
    return this.#led.get(shardOf(key, this.#options.count));
  }

  gained(shard: number, lease: Lease): void {
    this.#held.set(shard, lease);
    this.#caughtUp().then(
      () => {
        if (this.#held.get(shard) === lease) this.lead(shard, lease);
      },
      () => {}, // the process stops
    );
  }

  /** With nothing to catch up on. */
  lead(shard: number, lease: Lease): void {
    this.#led.set(shard, lease);
    this.#options.keeper.gained(this.#owns(shard));
  }

  async drained(shard: number): Promise<void> {
    this.#forget(shard);
    await this.#options.keeper.drained(this.#owns(shard), new LeaseLost('it is another replica’s turn'));
  }

  lost(shard: number, why: LeaseLost): void {
    this.#forget(shard);
    this.#options.keeper.lost(this.#owns(shard), why);
  }

  /** Shards that are gained at once share one. One that has begun already might not see what their owners wrote last. */
  #caughtUp(): Promise<void> {
    this.#nextCatchUp ??= Promise.resolve().then(() => {
      this.#nextCatchUp = undefined;
      return this.#options.catchUp();
    });
    return this.#nextCatchUp;
  }

  #forget(shard: number): void {
    this.#held.delete(shard);
    this.#led.delete(shard);
  }

  #owns(shard: number): Owns {
    return (key) => shardOf(key, this.#options.count) === shard;
  }
}
