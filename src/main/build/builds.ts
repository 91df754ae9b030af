import type { StagePlan } from '../../shared/protocol/tasks.ts';
import type { RunTask } from '../pool/pool.ts';
import type { Artifacts } from './artifacts.ts';
import { type BuildJob, buildKey } from './build-key.ts';
import { ByteLru } from './byte-lru.ts';

export interface BuildsOptions {
  readonly artifacts: Artifacts;
  readonly runTask: RunTask;
  readonly cacheBytes: number;
}

/** A wait in which the caller needs no slot. */
export type Park = <T>(waitingFor: string, wait: () => Promise<T>) => Promise<T>;

/** Stage plans, built once for each key and kept in memory, never on disk, while there is room. */
export class Builds {
  readonly #options: BuildsOptions;
  readonly #plans: ByteLru<StagePlan>;
  #hits = 0;
  #misses = 0;

  constructor(options: BuildsOptions) {
    this.#options = options;
    this.#plans = new ByteLru(options.cacheBytes);
  }

  get stats(): { readonly hits: number; readonly misses: number; readonly bytes: number } {
    return { hits: this.#hits, misses: this.#misses, bytes: this.#plans.bytes };
  }

  async plan(job: BuildJob, park: Park, signal: AbortSignal): Promise<StagePlan> {
    const key = buildKey(job);
    const known = this.#plans.get(key);
    if (known !== undefined) {
      this.#hits += 1;
      return known;
    }
    this.#misses += 1;
    const plan = await park('build', () => this.#build(job, signal));
    this.#plans.put(key, plan, plan.bodies.byteLength + plan.objects.length * OBJECT_BYTES);
    return plan;
  }

  #build(job: BuildJob, signal: AbortSignal): Promise<StagePlan> {
    return this.#options.artifacts.use(job.artifact, signal, (files) =>
      this.#options.runTask(
        'build',
        {
          files,
          stage: job.stage,
          owner: job.owner,
          ...(job.applySetId === undefined ? {} : { applySetId: job.applySetId }),
          clusterScopedKinds: job.scopes.clusterScoped,
          namespacedKinds: job.scopes.namespaced,
        },
        signal,
      ),
    );
  }
}

/** About what a planned object takes on the main thread beside its body. */
const OBJECT_BYTES = 400;
