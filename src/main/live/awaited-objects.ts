import type { HealthExprs } from '../../shared/kstatus/by-exprs.ts';
import { inProgress, type Readiness } from '../../shared/kstatus/readiness.ts';
import { readinessOf } from '../../shared/kstatus/readiness-of.ts';
import { groupOf, type KubeObject } from '../../shared/objects/object.ts';
import { formatObjectId, type ObjectId } from '../../shared/objects/object-id.ts';
import { JUDGE_MS, type Judged, type JudgeInput } from '../../shared/protocol/tasks.ts';
import { type Asking, type AwaitedGroup, followGroup } from './awaited-group.ts';

/** On a worker thread: the expressions are the tenant's. */
export type Judge = (input: JudgeInput, signal: AbortSignal) => Promise<Judged>;

interface Unjudged {
  readonly object: KubeObject;
  readonly exprs: HealthExprs;
}

/** At most so many objects cross to the worker at once: to copy them takes time of this thread. */
const BATCH = 10;
/** A stage's expressions keep one worker busy for a tenth of the time at most. */
const REST = 9;
const REST_AFTER_FAILURE_MS = 10_000;

/**
 * The readiness of objects that the shared watches do not tell of, because they are not ours or their kind has
 * expressions, as one stage sees it that waits for them. Known are results only, never the objects.
 */
export class AwaitedObjects {
  /** Resolves when something is known of each. */
  readonly known: Promise<void>;
  readonly #asking: Asking;
  readonly #judge: Judge;
  readonly #stopped = new AbortController();
  readonly #readiness = new Map<ObjectId, Readiness>();
  readonly #unknown: Set<ObjectId>;
  readonly #allKnown = Promise.withResolvers<void>();
  readonly #unjudged = new Map<ObjectId, Unjudged>();
  readonly #listeners = new Set<(id: ObjectId) => void>();
  #judging = false;

  constructor(groups: readonly AwaitedGroup[], asking: Asking, judge: Judge) {
    this.#asking = asking;
    this.#judge = judge;
    this.#unknown = new Set(groups.flatMap((group) => idsOf(group)));
    this.known = this.#allKnown.promise;
    for (const group of groups) this.#follow(group);
  }

  has(id: ObjectId): boolean {
    return this.#readiness.has(id) || this.#unknown.has(id);
  }

  /** Undefined: nothing is known yet. */
  readinessOf(id: ObjectId): Readiness | undefined {
    return this.#readiness.get(id);
  }

  /** A change to any of them; returns how to stop. */
  subscribe(listener: (id: ObjectId) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** From now on, when one becomes ready, fails, or is ready no more. */
  whenMoved(listener: () => void): void {
    const endOf = (id: ObjectId) => {
      const is = this.#readiness.get(id)?.is;
      return is === 'current' || is === 'failed' ? is : undefined;
    };
    const ends = new Map([...this.#readiness.keys()].map((id) => [id, endOf(id)]));
    this.subscribe((id) => {
      const end = endOf(id);
      if (end === ends.get(id)) return;
      ends.set(id, end);
      listener();
    });
  }

  stop(): void {
    this.#stopped.abort(new Error('no longer awaited'));
    this.#listeners.clear();
  }

  #follow(group: AwaitedGroup): void {
    const { signal } = this.#stopped;
    const idOf = (name: string) => idIn(group, name);
    const learn = (name: string, readiness: Readiness) => {
      this.#unjudged.delete(idOf(name));
      this.#learn(idOf(name), readiness);
    };
    followGroup(
      group,
      this.#asking,
      {
        seen: (name, object) => {
          const whole = object as KubeObject; // where more than metadata decides
          if (group.exprs === undefined) learn(name, readinessOf(whole, this.#asking.clock.wallMs()));
          else this.#haveJudged(idOf(name), { object: whole, exprs: group.exprs });
        },
        absent: (name) => learn(name, inProgress('not found')),
        unknown: (name, why) => learn(name, { is: 'unknown', message: why }),
      },
      signal,
    );
  }

  #learn(id: ObjectId, readiness: Readiness): void {
    if (this.#stopped.signal.aborted) return;
    this.#readiness.set(id, readiness);
    this.#unknown.delete(id);
    if (this.#unknown.size === 0) this.#allKnown.resolve();
    for (const listener of [...this.#listeners]) listener(id);
  }

  /** Until it is judged, what its last version was holds. */
  #haveJudged(id: ObjectId, unjudged: Unjudged): void {
    this.#unjudged.set(id, unjudged);
    if (this.#judging) return;
    this.#judging = true;
    this.#judgeAll().finally(() => {
      this.#judging = false;
    });
  }

  async #judgeAll(): Promise<void> {
    const { signal } = this.#stopped;
    for (let batch = this.#nextBatch(); batch.length > 0 && !signal.aborted; batch = this.#nextBatch()) {
      const restMs = await this.#judgeBatch(batch);
      await this.#asking.clock.sleep(restMs, signal).catch(() => {});
    }
  }

  /** Of one kind. */
  #nextBatch(): readonly (readonly [ObjectId, Unjudged])[] {
    const [first, ...others] = this.#unjudged;
    if (first === undefined) return [];
    const batch = [first, ...others.filter(([, { exprs }]) => exprs === first[1].exprs)].slice(0, BATCH);
    for (const [id] of batch) this.#unjudged.delete(id);
    return batch;
  }

  async #judgeBatch(batch: readonly (readonly [ObjectId, Unjudged])[]): Promise<number> {
    const [[, { exprs }]] = batch as [readonly [ObjectId, Unjudged]];
    try {
      const judged = await this.#judge({ objects: batch.map(([, { object }]) => object), exprs }, this.#stopped.signal);
      for (const [i, [id, unjudged]] of batch.entries()) {
        const readiness = judged.readiness[i];
        if (readiness === undefined) this.#judgeAgain(id, unjudged);
        this.#learn(id, readiness ?? inProgress(`its expressions take longer than ${JUDGE_MS}ms`));
      }
      return judged.ranMs * REST;
    } catch (error) {
      const message = `its expressions had no answer: ${error instanceof Error ? error.message : String(error)}`;
      for (const [id, unjudged] of batch) {
        this.#judgeAgain(id, unjudged);
        this.#learn(id, { is: 'unknown', message });
      }
      return REST_AFTER_FAILURE_MS;
    }
  }

  /** It may have been the machine that was slow, or another's doing; a newer version counts. */
  #judgeAgain(id: ObjectId, unjudged: Unjudged): void {
    if (!this.#unjudged.has(id)) this.#unjudged.set(id, unjudged);
  }
}

export function idsOf(group: AwaitedGroup): readonly ObjectId[] {
  return group.names.map((name) => idIn(group, name));
}

function idIn({ apiVersion, kind, namespace }: AwaitedGroup, name: string): ObjectId {
  return formatObjectId({ namespace, name, group: groupOf(apiVersion), kind });
}
