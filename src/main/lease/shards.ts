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

/** For which StageSets this process may write now. */
export class Shards implements ShardWork {
  readonly #count: number;
  readonly #keeper: ShardKeeper;
  readonly #leases = new Map<number, Lease>();

  constructor(count: number, keeper: ShardKeeper) {
    this.#count = count;
    this.#keeper = keeper;
  }

  /** Undefined: it is another replica's, or nobody's. */
  leaseOf(key: string): Lease | undefined {
    return this.#leases.get(shardOf(key, this.#count));
  }

  gained(shard: number, lease: Lease): void {
    this.#leases.set(shard, lease);
    this.#keeper.gained(this.#owns(shard));
  }

  async drained(shard: number): Promise<void> {
    this.#leases.delete(shard);
    await this.#keeper.drained(this.#owns(shard), new LeaseLost('this StageSet goes to another replica'));
  }

  lost(shard: number, why: LeaseLost): void {
    this.#leases.delete(shard);
    this.#keeper.lost(this.#owns(shard), why);
  }

  #owns(shard: number): Owns {
    return (key) => shardOf(key, this.#count) === shard;
  }
}
