import type { StageInventory, StageSet } from '../../../src/shared/api/types.ts';
import { keys } from '../../../src/shared/labels.ts';
import type { KubeObject } from '../../../src/shared/objects/object.ts';
import { objectIdOf } from '../../../src/shared/objects/object-id.ts';
import type { Scene } from '../../harness/scene.ts';
import { OWN_NAMESPACE } from './choices.ts';
import { SHOP } from './garden.ts';

/** What a rollout has left, but for what differs from one namespace and one moment to another. By object id. */
export interface World {
  readonly ready: Told;
  readonly stages: readonly unknown[];
  readonly conditions: readonly Told[];
  readonly sources: readonly string[];
  readonly objects: Readonly<Record<string, KubeObject>>;
  readonly shards: number;
  /** By stage: the ids, and which of them have a print. */
  readonly inventories: Readonly<Record<string, Readonly<Record<string, 'printed' | 'bare'>>>>;
}

export interface Told {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

/** Fails while the run for this generation is under way. */
export async function worldOf(scene: Scene): Promise<World> {
  const { api, namespace } = scene;
  const [set, objects, inventories] = await Promise.all([
    scene.read(SHOP),
    objectsOf(scene),
    api.list<StageInventory>('stages.metio.wtf/v1', 'StageInventory', {
      namespace,
      labelSelector: `${keys.inventoryStageSet}=${SHOP}`,
    }),
  ]);
  const world: World = {
    ...told(set),
    objects: Object.fromEntries(objects.map((each) => [objectIdOf(each), essence(each)])),
    shards: inventories.length,
    inventories: byStage(inventories),
  };
  return JSON.parse(JSON.stringify(world).replaceAll(namespace, OWN_NAMESPACE));
}

function told({ metadata, status, spec }: StageSet): Pick<World, 'ready' | 'stages' | 'conditions' | 'sources'> {
  const conditions = (status?.conditions ?? []).map(({ type, status, reason, message }) => ({
    type,
    status,
    reason,
    message,
  }));
  const ready = conditions.find(({ type }) => type === 'Ready');
  const isOver =
    status?.observedGeneration === metadata.generation && conditions.every((each) => each.type !== 'Reconciling');
  if (ready === undefined || !isOver) {
    throw new Error(`not settled: ${JSON.stringify({ status, spec }, null, 1)}`);
  }
  return {
    ready,
    conditions,
    stages: (status?.stages ?? []).map(({ name, phase, entriesCount, shards, message }) => [
      name,
      phase,
      entriesCount,
      shards,
      message,
    ]),
    sources: Object.keys(status?.lastAppliedRevisions ?? {}).toSorted(),
  };
}

/** A stage that was applied as somebody else before has two for a while. */
function byStage(inventories: readonly StageInventory[]): World['inventories'] {
  const entries = inventories.flatMap(({ metadata, spec }) =>
    spec.entries.map(({ id, p }) => ({ stage: metadata.labels?.[keys.stage] ?? '', id, print: p })),
  );
  const stages = Map.groupBy(
    entries.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    ({ stage }) => stage,
  );
  return Object.fromEntries(
    [...stages].map(([stage, all]): [string, Record<string, 'printed' | 'bare'>] => [
      stage,
      Object.fromEntries(all.map(({ id, print }) => [id, print === undefined ? 'bare' : 'printed'])),
    ]),
  );
}

async function objectsOf({ api, namespace }: Scene): Promise<readonly KubeObject[]> {
  const labelSelector = `${keys.ownerName}=${SHOP},${keys.ownerNamespace}=${namespace}`;
  const listOf = async (apiVersion: string, kind: string, where: { readonly namespace?: string }) => {
    const found = await api.list<KubeObject>(apiVersion, kind, { ...where, labelSelector });
    return found.map((each) => ({ ...each, apiVersion, kind })); // in a list they do not say
  };
  const crds = await listOf('apiextensions.k8s.io/v1', 'CustomResourceDefinition', {});
  const widgets = crds.length === 0 ? [] : [[`${namespace}.example.test/v1`, 'Widget'] as const];
  const rest = await Promise.all(
    [...namespacedKinds, ...widgets].map(([apiVersion, kind]) => listOf(apiVersion, kind, { namespace })),
  );
  return [...crds, ...rest.flat()];
}

const namespacedKinds = [
  ['v1', 'ConfigMap'],
  ['v1', 'Secret'],
  ['apps/v1', 'Deployment'],
] as const;

/** Without what the server and other controllers set. */
function essence({ status: _, metadata, ...rest }: KubeObject): KubeObject {
  const { name, namespace, labels = {}, annotations = {} } = metadata;
  const { [keys.applySetPartOf]: member, ...plainLabels } = labels; // a hash, over the namespace too
  const { 'deployment.kubernetes.io/revision': __, ...ours } = annotations;
  const named = { name, ...(namespace === undefined ? {} : { namespace }) };
  const marks = member === undefined ? {} : { [keys.applySetPartOf]: 'some' };
  return { ...rest, metadata: { ...named, labels: { ...plainLabels, ...marks }, annotations: ours } } as KubeObject;
}
