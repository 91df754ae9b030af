import { readinessOf } from '../../src/shared/kstatus/readiness-of.ts';
import { keys } from '../../src/shared/labels.ts';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import type { PublishedObject } from './news.ts';

/** An object that the artifact holds or held. */
export interface ObjectShown {
  readonly stage: string;
  readonly kind: string;
  readonly name: string;
  /** The newest revision holds it. */
  readonly published: boolean;
  readonly live: KubeObject | undefined;
}

export type Objects = ReadonlyMap<string, ObjectShown>;

export type ObjectStanding = 'awaited' | 'progressing' | 'ready' | 'failed' | 'leftover' | 'removed';

export function standingOf({ published, live }: ObjectShown, nowMs: number): ObjectStanding {
  if (live === undefined) return published ? 'awaited' : 'removed';
  if (!published) return 'leftover';
  const readiness = readinessOf(live, nowMs);
  if (readiness.is === 'current') return 'ready';
  return readiness.is === 'failed' ? 'failed' : 'progressing';
}

/** What a person would look for in it; empty where there is nothing to say. */
export function detailOf({ kind, live }: ObjectShown): string {
  if (kind !== 'Deployment' || live === undefined) return '';
  const { spec, status = {} } = live as KubeObject & DeploymentFields;
  const { replicas = 1 } = spec;
  const { replicas: all = 0, updatedReplicas: updated = 0, availableReplicas: available = 0 } = status;
  if (all > updated && updated < replicas) return `${updated} of ${replicas} pods replaced`;
  return available > replicas
    ? `${available} pods ready, ${replicas} wanted`
    : `${available} of ${replicas} pods ready`;
}

interface DeploymentFields {
  readonly spec: { readonly replicas?: number };
  readonly status?: {
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
  };
}

export function objectKey({ kind, name }: { readonly kind: string; readonly name: string }): string {
  return `${kind}/${name}`;
}

/** A new revision: what it does not hold any more stays in sight until it has gone from the cluster. */
export function withPublished(objects: Objects, published: readonly PublishedObject[]): Objects {
  const leftover = [...objects].flatMap(([key, object]): [string, ObjectShown][] =>
    object.live === undefined ? [] : [[key, { ...object, published: false }]],
  );
  const after = new Map(leftover);
  for (const { stage, kind, name } of published) {
    const key = objectKey({ kind, name });
    after.set(key, { stage, kind, name, published: true, live: after.get(key)?.live });
  }
  return after;
}

export function withLive(objects: Objects, object: KubeObject, gone: boolean): Objects {
  const { kind, metadata } = object;
  const key = objectKey({ kind, name: metadata.name });
  const known = objects.get(key);
  const stage = metadata.labels?.[keys.stage] ?? known?.stage ?? '';
  const live = gone ? undefined : object;
  return new Map(objects).set(key, { stage, kind, name: metadata.name, published: known?.published ?? false, live });
}

export function withoutRemoved(objects: Objects): Objects {
  return new Map([...objects].filter(([, { published, live }]) => published || live !== undefined));
}
