import type { BuildReads, PlanSummary } from '../../shared/protocol/tasks.ts';
import type { Artifacts } from './artifacts.ts';
import { type BuildJob, recipeOf, sameScopes } from './build-job.ts';
import { buildWithKeys, type KeyMeans, type SettledBuild } from './build-with-keys.ts';
import { ByteLru } from './byte-lru.ts';

export interface BuildsOptions extends KeyMeans {
  readonly artifacts: Artifacts;
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

  get stats(): { readonly hits: number; readonly misses: number; readonly bytes: number } {
    return { hits: this.#hits, misses: this.#misses, bytes: this.#bodies.bytes };
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
    const answer = await park('build', () => this.#run(job, usable?.reads, signal));
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

  /** Built once more when they were dropped. */
  async bodies(job: BuildJob, built: BuiltStage, park: Park, signal: AbortSignal): Promise<ArrayBuffer> {
    const known = this.#bodies.get(built.bodiesKey);
    if (known !== undefined) return known;
    const answer = await park('build', () => this.#run(job, undefined, signal));
    if (answer.is === 'unchanged') throw new Error('a build without a predecessor is unchanged');
    if (answer.plan.digest !== built.summary.digest) throw new Error('the same build gave another plan');
    this.#keep(built, answer.plan.bodies);
    return answer.plan.bodies;
  }

  #keep({ bodiesKey, summary }: BuiltStage, bodies: ArrayBuffer): void {
    const holdsSecrets = summary.objects.some(({ sensitive }) => sensitive);
    this.#bodies.put(bodiesKey, bodies, bodies.byteLength, { dropFirst: holdsSecrets });
  }

  async #run(job: BuildJob, lastReads: BuildReads | undefined, signal: AbortSignal): Promise<SettledBuild> {
    return await this.#options.artifacts.use(job.artifact, signal, async (files) => {
      const { stage, owner, applySetId, scopes, variables, decryption } = job;
      const input = {
        files,
        stage,
        owner,
        ...(applySetId !== undefined && { applySetId }),
        clusterScopedKinds: scopes.clusterScoped,
        namespacedKinds: scopes.namespaced,
        variables,
        ...(lastReads !== undefined && { lastReads }),
      };
      const answer = await buildWithKeys(input, decryption?.entries, this.#options, signal);
      if (answer.is === 'built') this.#misses += 1;
      return answer;
    });
  }
}
