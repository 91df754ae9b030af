import type { StageSet } from '../../shared/api/types.ts';
import { groupOf } from '../../shared/objects/object.ts';
import { keyOf, type StoreReader } from '../kube/store.ts';
import type { Resource } from '../kube/types.ts';
import { type OwnerLabels, ownerLabelsOf } from '../live/live-object.ts';
import { actionSourceRefsOf, sourceRefsOf } from '../source/pin-sources.ts';
import { isFluxSource } from '../source/resolve.ts';
import type { SourceObject } from '../source/source-object.ts';
import { dependencyKeys } from './dependencies.ts';

/** How StageSets are found from what they name. */
export const stageSetIndexes = {
  source: (set: StageSet): readonly string[] =>
    [...sourceRefsOf(set).map(({ ref }) => ref), ...actionSourceRefsOf(set)].map((ref) =>
      isFluxSource(ref)
        ? sourceKey(ref.kind, ref.namespace, ref.name)
        : producerKey(ref.apiVersion === undefined ? '' : groupOf(ref.apiVersion), ref.kind, ref.namespace, ref.name),
    ),
  reference: (set: StageSet): readonly string[] => [
    ...substitutedFrom(set).map((name) => objectKey('', 'ConfigMap', set.metadata.namespace ?? '', name)),
    ...sourceRefsOf(set).flatMap(({ ref: { apiVersion = '', kind, namespace, name } }) =>
      objectKey(groupOf(apiVersion), kind, namespace, name),
    ),
  ],
  dependency: dependencyKeys,
  owner: ({ metadata }: StageSet): readonly string[] => [
    ownerKey(ownerLabelsOf({ namespace: metadata.namespace ?? '', name: metadata.name })),
  ],
};

export type StageSetIndexName = keyof typeof stageSetIndexes;

export class StageSetIndex {
  readonly #store: StoreReader<StageSet, StageSetIndexName>;

  constructor(store: StoreReader<StageSet, StageSetIndexName>) {
    this.#store = store;
  }

  keyOf(set: StageSet): string {
    return keyOf(set);
  }

  all(): Iterable<StageSet> {
    return this.#store.values();
  }

  bySource(key: string): readonly StageSet[] {
    return this.#store.byIndex('source', key);
  }

  /** Those that substitute from this object, or have a source made by it. */
  byReference({ group, kind }: Resource, namespace: string, name: string): readonly StageSet[] {
    return this.#store.byIndex('reference', objectKey(group, kind, namespace, name));
  }

  dependentsOf(key: string): readonly StageSet[] {
    return this.#store.byIndex('dependency', key);
  }

  /** Labels cut long names short, so two could share them; then neither is told. */
  byOwner(owner: OwnerLabels): StageSet | undefined {
    const found = this.#store.byIndex('owner', ownerKey(owner));
    return found.length === 1 ? found[0] : undefined;
  }
}

/** The ConfigMaps that variables come from, by name. */
export function substitutedFrom({ spec }: StageSet): readonly string[] {
  const sources = spec.stages.flatMap(({ postBuild }) => postBuild?.substituteFrom ?? []);
  return sources.flatMap(({ kind, name }) => (kind === 'ConfigMap' ? [name] : []));
}

/** Under these a StageSet may have named this source: itself, and the producer it was made by. */
export function sourceKeysOf({ kind, metadata, producer }: SourceObject): readonly string[] {
  const { namespace = '', name } = metadata;
  const direct = sourceKey(kind, namespace, name);
  return producer === undefined
    ? [direct]
    : [direct, producerKey(producer.group, producer.kind, namespace, producer.name)];
}

function sourceKey(kind: string, namespace: string, name: string): string {
  return `${kind}/${namespace}/${name}`;
}

function objectKey(group: string, kind: string, namespace: string, name: string): string {
  return `${group}/${kind}/${namespace}/${name}`;
}

function producerKey(group: string, kind: string, namespace: string, name: string): string {
  return `producer:${group}/${kind}/${namespace}/${name}`;
}

export function ownerKey({ namespace, name }: OwnerLabels): string {
  return `${namespace}/${name}`;
}
