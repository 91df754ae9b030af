import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { StageInventory, StageSet } from '../../src/shared/api/types.ts';
import { keys } from '../../src/shared/labels.ts';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import type { Published } from '../../tools/publisher/publisher.ts';
import { configMap, deployment, type Manifest, type Scene, startScene, succeededWith } from '../harness/scene.ts';

// A StageSet of three stages and three revisions of it: objects come, go, change and wander from stage to stage.

export const patience = { timeoutMs: 60_000 };

/** Manifests by stage. */
export type Revision = Readonly<Record<(typeof stages)[number], readonly Manifest[]>>;
const stages = ['base', 'web', 'edge'] as const;

const many = (prefix: string, data: Readonly<Record<string, string>>) =>
  Array.from({ length: 8 }, (_, i) => configMap(`${prefix}-${i}`, data));

export const first: Revision = {
  base: [configMap('stays', { version: '1' }), configMap('goes'), configMap('wanders')],
  web: [deployment('web'), configMap('settings', { version: '1' })],
  edge: many('old', { version: '1' }),
};
export const second: Revision = {
  base: [configMap('stays', { version: '2' }), configMap('comes')],
  web: [deployment('web', { replicas: 2 }), configMap('settings', { version: '2' }), configMap('wanders')],
  edge: [...many('old', { version: '2' }).slice(4), ...many('new', { version: '2' })],
};
/** Nothing of what the second brought, and something of its own. */
export const third: Revision = {
  base: [configMap('stays', { version: '3' }), configMap('wanders')],
  web: [deployment('web'), configMap('settings', { version: '3' })],
  edge: [...many('old', { version: '3' }).slice(2), configMap('third')],
};
/** They are in every revision: whatever is killed when, they are not made anew. */
const survivors = ['ConfigMap/stays', 'ConfigMap/wanders', 'ConfigMap/settings', 'ConfigMap/old-7', 'Deployment/web'];

export function publish(scene: Scene, revision: Revision): Promise<Published> {
  const files = stages.flatMap((stage) =>
    revision[stage].map((each, i) => [`${stage}/${i}.yaml`, JSON.stringify(each)] as const),
  );
  return scene.publishAs('shop', { files: Object.fromEntries(files) });
}

export async function rollOut(scene: Scene): Promise<void> {
  const all = stages.map((name) => ({ name, path: `./${name}`, sourceRef: { name: 'shop' } }));
  await scene.roll('shop', { interval: '1h', retryInterval: '1h', stages: all });
}

export async function rolledOut(t: TestContext, revision: Revision): Promise<Scene> {
  const scene = await startScene(t);
  const published = await publish(scene, revision);
  await rollOut(scene);
  await scene.settled('shop', succeededWith(published), patience);
  return scene;
}

export interface World {
  readonly objects: readonly unknown[];
  readonly inventories: readonly unknown[];
  readonly stages: unknown;
  readonly conditions: unknown;
}

/** In the end: what faults have woken may be running once more when its StageSet is Ready already. */
export async function becomes(scene: Scene, expected: World, which: string): Promise<void> {
  await eventually(async () => assert.deepEqual(await worldOf(scene), expected, which));
}

/** All that a rollout leaves, but for what differs from one namespace and one moment to another. */
export async function worldOf(scene: Scene): Promise<World> {
  const { api, namespace } = scene;
  const [configMaps, deployments, inventories] = await Promise.all([
    api.list<KubeObject & { data: object }>('v1', 'ConfigMap', { namespace }),
    api.list<KubeObject & { spec: { replicas: number } }>('apps/v1', 'Deployment', { namespace }),
    api.list<StageInventory>('stages.metio.wtf/v1', 'StageInventory', { namespace }),
  ]);
  const describe = ({ metadata: { name, labels } }: KubeObject) => [
    name,
    labels?.[keys.stage],
    labels?.[keys.ownerName],
  ];
  const set = await api.find<StageSet>(scene.ref('StageSet', 'shop'));
  return {
    objects: [
      ...configMaps
        .filter(({ metadata }) => metadata.name !== 'kube-root-ca.crt')
        .map((each) => [...describe(each), each.data]),
      ...deployments.map((each) => [...describe(each), each.spec.replicas]),
    ].toSorted(),
    inventories: inventories
      .map(({ metadata, spec }) => ({
        name: metadata.name,
        position: spec.stagePosition,
        ids: spec.entries.map(({ id, p }) => [id.replace(namespace, ''), p !== undefined]),
      }))
      .toSorted((a, b) => a.position - b.position),
    stages: set?.status?.stages?.map(({ name, phase, entriesCount, shards }) => [name, phase, entriesCount, shards]),
    conditions: set?.status?.conditions?.map(({ type, status, message }) => [type, status, message]),
  };
}

export const nothing: World = { objects: [], inventories: [], stages: undefined, conditions: undefined };

export async function uidsOf(scene: Scene): Promise<readonly (string | undefined)[]> {
  return Promise.all(
    survivors.map(async (each) => {
      const [kind, name] = each.split('/') as ['ConfigMap' | 'Deployment', string];
      return (await scene.find(kind, name))?.metadata.uid;
    }),
  );
}

/** What the second and the third revision leave when nothing goes wrong. */
export async function undisturbed(t: TestContext): Promise<{ readonly second: World; readonly third: World }> {
  const [a, b] = await Promise.all([rolledOut(t, first), rolledOut(t, first)]);
  await a.settled('shop', succeededWith(await publish(a, second)), patience);
  await b.settled('shop', succeededWith(await publish(b, third)), patience);
  return { second: await worldOf(a), third: await worldOf(b) };
}
