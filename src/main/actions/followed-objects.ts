import type { Readiness } from '../../shared/kstatus/readiness.ts';
import type { KubeObject } from '../../shared/objects/object.ts';
import { type ObjectId, parseObjectId } from '../../shared/objects/object-id.ts';
import type { Versioned } from '../apply/cluster.ts';
import type { Watched } from '../apply/verify.ts';
import { type Asking, followGroup } from '../live/awaited-group.ts';

/** What to think of an object, or of there being none, after what was thought before. */
export type Judgement = (object: KubeObject | undefined, before: Readiness | undefined) => Readiness;

export interface Following {
  readonly judge: Judgement;
  /** Brings them and what others of the kind wait for; else each is watched by its name. */
  readonly labelSelector?: string | undefined;
}

/** The readiness of an action's own objects, which the watches of what stages apply do not tell of. */
export class FollowedObjects implements Watched, Disposable {
  readonly #judge: Judgement;
  readonly #readiness = new Map<ObjectId, Readiness>();
  readonly #listeners = new Set<(id: ObjectId) => void>();
  readonly #stopped = new AbortController();

  constructor(objects: readonly Versioned[], asking: Asking, { judge, labelSelector }: Following) {
    this.#judge = judge;
    for (const object of objects) this.#follow(object, asking, labelSelector);
  }

  readinessOf(id: ObjectId): Readiness | undefined {
    return this.#readiness.get(id);
  }

  subscribe(_ids: readonly ObjectId[], listener: (id: ObjectId) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  [Symbol.dispose](): void {
    this.#stopped.abort();
    this.#listeners.clear();
  }

  #follow({ id, apiVersion }: Versioned, asking: Asking, labelSelector: string | undefined): void {
    const { kind = '', name = '', namespace = '' } = parseObjectId(id) ?? {};
    const learn = (readiness: Readiness) => {
      if (this.#stopped.signal.aborted) return;
      this.#readiness.set(id, readiness);
      for (const listener of [...this.#listeners]) listener(id);
    };
    const judged = (object: KubeObject | undefined) => this.#judge(object, this.#readiness.get(id));
    followGroup(
      { apiVersion, kind, namespace, names: [name], ...(labelSelector !== undefined && { labelSelector }) },
      asking,
      {
        seen: (_name, object) => learn(judged(object as KubeObject)), // where more than metadata decides
        absent: () => learn(judged(undefined)),
        unknown: (_name, why) => learn({ is: 'unknown', message: why }),
      },
      this.#stopped.signal,
    );
  }
}
