import type { BuildReads, PlanSummary } from '../../shared/protocol/tasks.ts';
import type { Reservation } from '../pool/budget.ts';
import type { ByteBudget } from '../pool/byte-budget.ts';
import type { Artifacts } from './artifacts.ts';
import { type BuildJob, recipeOf, sameScopes } from './build-job.ts';
import { buildWithKeys, type KeyMeans, type SettledBuild } from './build-with-keys.ts';
import { ByteLru } from './byte-lru.ts';

export interface BuildsOptions extends KeyMeans {
  readonly artifacts: Artifacts;
  readonly budget: ByteBudget;
  readonly cacheBytes: number;
}

/** What the last build of a stage was made of, and what it made. */
export interface BuiltStage {
  readonly recipe: string;
  readonly artifactDigest: string;
  readonly reads: BuildReads;
  readonly summary: PlanSummary;
  /** Where the bodies lie, as long as there is room for them. */
  readonly bodiesKey: string;
}

/** Bodies with the bytes that are reserved for them, to be disposed of as soon as they are sent. */
export interface HeldBodies extends Disposable {
  readonly bytes: ArrayBuffer;
  /** Counts so many more that are held as long: waits for nobody. */
  grow(bytes: number): void;
}

export interface BuildStats {
  /** Builds that memory answered, and builds done. */
  readonly hits: number;
  readonly misses: number;
  /** Of bodies in memory. */
  readonly bytes: number;
  /** Bodies dropped for want of room. */
  readonly evictions: number;
}

/** A wait in which the caller needs no slot. */
export type Park = <T>(waitingFor: string, wait: () => Promise<T>) => Promise<T>;

/**
 * Builds a stage only when something that its last build depends on has changed: its recipe, a file that it read, or
 * the scope of a kind. Bodies are kept while there is room, in memory and never on disk.
 */
export class Builds {
  readonly #options: BuildsOptions;
  readonly #bodies: ByteLru<ArrayBuffer>;
  #built = 0;
  #hits = 0;
  #misses = 0;

  constructor(options: BuildsOptions) {
    this.#options = options;
    this.#bodies = new ByteLru(options.cacheBytes);
  }

  get stats(): BuildStats {
    return {
      hits: this.#hits,
      misses: this.#misses,
      bytes: this.#bodies.bytes,
      evictions: this.#bodies.dropped,
    };
  }

  /** `last` itself where it still holds. */
  async build(job: BuildJob, last: BuiltStage | undefined, park: Park, signal: AbortSignal): Promise<BuiltStage> {
    const recipe = recipeOf(job);
    const artifactDigest = job.artifact.digest;
    const usable =
      last !== undefined && last.recipe === recipe && sameScopes(last.summary.assumedScopes, job.scopes)
        ? last
        : undefined;
    if (usable?.artifactDigest === artifactDigest) {
      this.#hits += 1;
      return usable;
    }
    const answer = await park('build', () => this.#run(job, usable?.reads, signal, (settled) => settled));
    if (answer.is === 'unchanged') {
      if (usable === undefined) throw new Error('a build without a predecessor is unchanged');
      this.#hits += 1;
      return { ...usable, artifactDigest };
    }
    this.#built += 1;
    const { bodies, ...summary } = answer.plan;
    const built = { recipe, artifactDigest, reads: answer.reads, summary, bodiesKey: `${this.#built}` };
    this.#keep(built, bodies);
    return built;
  }

  /** Built once more when they were dropped. Whoever holds bodies reserves no more bytes before it has let go of them. */
  async bodies(job: BuildJob, built: BuiltStage, park: Park, signal: AbortSignal): Promise<HeldBodies> {
    const kept = this.#bodies.get(built.bodiesKey);
    if (kept === undefined) return await takenWhileParked(park, 'build', () => this.#buildAgain(job, built, signal));
    return await takenWhileParked(park, 'memory', async () =>
      held(kept, await this.#options.budget.reserve(kept.byteLength, signal)),
    );
  }

  async #buildAgain(job: BuildJob, built: BuiltStage, signal: AbortSignal): Promise<HeldBodies> {
    return await this.#run(job, undefined, signal, (answer, planShare) => {
      if (answer.is === 'unchanged') throw new Error('a build without a predecessor is unchanged');
      if (answer.plan.digest !== built.summary.digest) throw new Error('the same build gave another plan');
      const { bodies } = answer.plan;
      this.#keep(built, bodies);
      planShare.resize(bodies.byteLength);
      return held(bodies, planShare.split(bodies.byteLength));
    });
  }

  #keep({ bodiesKey, summary }: BuiltStage, bodies: ArrayBuffer): void {
    const holdsSecrets = summary.objects.some(({ sensitive }) => sensitive);
    this.#bodies.put(bodiesKey, bodies, bodies.byteLength, { dropFirst: holdsSecrets });
  }

  async #run<T>(
    job: BuildJob,
    lastReads: BuildReads | undefined,
    signal: AbortSignal,
    settle: (answer: SettledBuild, planShare: Reservation) => T,
  ): Promise<T> {
    return await this.#options.artifacts.use(job.artifact, signal, async (files, planShare) => {
      const { stage, owner, applySetId, action, scopes, variables, decryption } = job;
      const input = {
        files,
        stage,
        owner,
        ...(applySetId !== undefined && { applySetId }),
        ...(action !== undefined && { action }),
        clusterScopedKinds: scopes.clusterScoped,
        namespacedKinds: scopes.namespaced,
        variables,
        ...(lastReads !== undefined && { lastReads }),
      };
      const answer = await buildWithKeys(input, decryption?.entries, this.#options, signal);
      if (answer.is === 'built') this.#misses += 1;
      return settle(answer, planShare);
    });
  }
}

/** Until it is disposed of. */
export function held(bytes: ArrayBuffer, share: Reservation): HeldBodies {
  return {
    bytes,
    grow: (more) => share.resize(share.amount + more),
    [Symbol.dispose]: () => share.release(),
  };
}

/** A park can fail when its wait is over, on the way back to a slot: nobody else would let go of what was taken then. */
export async function takenWhileParked<T extends Disposable | undefined>(
  park: Park,
  waitingFor: string,
  take: () => Promise<T>,
): Promise<T> {
  let taken: T | undefined;
  try {
    return await park(waitingFor, async () => {
      taken = await take();
      return taken;
    });
  } catch (error) {
    taken?.[Symbol.dispose]();
    throw error;
  }
}
