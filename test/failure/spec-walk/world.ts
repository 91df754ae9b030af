import type { StageInventory, StageSet } from '../../../src/shared/api/types.ts';
import { keys } from '../../../src/shared/labels.ts';
import type { KubeObject } from '../../../src/shared/objects/object.ts';
import { objectIdOf } from '../../../src/shared/objects/object-id.ts';
import type { Scene } from '../../harness/scene.ts';
import { isCalled, SHOP } from './garden.ts';
import { OWN_NAMESPACE } from './places.ts';

/** What a rollout has left, but for what differs from one namespace and one moment to another. By object id. */
export interface World {
  readonly ready: Told;
  readonly stages: readonly unknown[];
  readonly conditions: readonly Told[];
  readonly sources: readonly string[];
  readonly objects: Readonly<Record<string, KubeObject>>;
  readonly shards: number;
  readonly version?: string;
  /** Of migrations under way. */
  readonly migrating: readonly string[];
  /** The names of actions whose effect is there: those of migrations and of earlier specs too. */
  readonly marks: readonly string[];
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
  const [set, objects, marks, inventories] = await Promise.all([
    scene.read(SHOP),
    objectsOf(scene),
    marksIn(scene),
    api.list<StageInventory>('stages.metio.wtf/v1', 'StageInventory', {
      namespace,
      labelSelector: `${keys.inventoryStageSet}=${SHOP}`,
    }),
  ]);
  const world: World = {
    ...told(set),
    objects: Object.fromEntries(objects.map((each) => [objectIdOf(each), essence(each)])),
    shards: inventories.length,
    marks,
    inventories: byStage(inventories),
  };
  return JSON.parse(JSON.stringify(world).replaceAll(namespace, OWN_NAMESPACE));
}

type OfStatus = Pick<World, 'ready' | 'stages' | 'conditions' | 'sources' | 'version' | 'migrating'>;

function told({ metadata, status, spec }: StageSet): OfStatus {
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
    ...(status?.version !== undefined && { version: status.version }),
    migrating: [
      ...(status?.pendingMigrations ?? []),
      ...(status?.executedMigrations ?? []),
      ...(status?.executedMigrationActions ?? []),
    ],
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

/** See action-choices.ts. */
async function marksIn(scene: Scene): Promise<readonly string[]> {
  const { api, namespace } = scene;
  const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', namespace, name: 'acted-role' };
  const [maps, { metadata }] = await Promise.all([
    api.list<KubeObject>('v1', 'ConfigMap', { namespace }),
    api.get<KubeObject>(role),
  ]);
  const byName = new Map(maps.map((map) => [map.metadata.name, map]));
  const acted = byName.get('acted')?.data as Readonly<Record<string, string>> | undefined;
  const left = {
    mark: acted?.merged !== undefined,
    list: acted?.listed !== undefined,
    note: metadata.annotations?.merged !== undefined,
    call: isCalled(scene),
    work: byName.has('scripts'),
    bring: byName.has('brought'),
    drop: !byName.has('unwanted'),
  };
  return Object.entries(left).flatMap(([name, isThere]) => (isThere ? [name] : []));
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
