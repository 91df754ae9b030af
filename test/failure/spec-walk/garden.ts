// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are Flux's references
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext } from 'node:test';
import type { StageSetSpec } from '../../../src/shared/api/types.ts';
import type { Publication } from '../../../tools/publisher/publisher.ts';
import { kubeconfigOf } from '../../harness/remote.ts';
import { configMap, deployment, type Manifest, type Scene, startScene, succeeded } from '../../harness/scene.ts';
import { job } from '../../integration/actions/hand-driven.ts';
import { CANARY } from '../../support/canary.ts';
import { startHttpServer } from '../../support/http-server.ts';
import { newAgeKey, sealedSecret } from '../../support/sealed-secret.ts';
import { LISTENER, OWN_NAMESPACE, SHELF, VERSION_OF_SOURCES } from './places.ts';

// All that the specs of a walk may name: what luck.ts and choices.ts know by name is made here.

/** The name of the StageSet that walks. */
export const SHOP = 'shop';

const key = await newAgeKey();
const sealed = await sealedSecret(key, 'alpha-sealed', { password: CANARY });

const rollbackStore = await mkdtemp(join(tmpdir(), 'walks-'));
after(() => rm(rollbackStore, { recursive: true, force: true }));

/** Says 200 to all that http actions ask of it. */
const listener = await startHttpServer({ after }, (_, response) => response.end());

/** A namespace in which these specs can be rolled out: what none of them names is not made. */
export async function startGarden(t: TestContext, specs: readonly StageSetSpec[]): Promise<Scene> {
  const scene = await startScene(t);
  await scene.controller([`--rollback-store-path=${rollbackStore}`]);
  shelf ??= layOutShelf(t);
  await shelf;
  const publish = (name: string, files: Folders, rest: Partial<Publication> = {}) =>
    scene.publishAs(name, { ...rest, files: texts(files) });
  const sources: Readonly<Record<string, () => Promise<unknown>>> = {
    alpha: () => publish('alpha', alpha),
    beta: () => publish('beta', beta(scene.namespace)),
    gamma: () => publish('gamma', gamma, { kind: 'GitRepository' }),
    maker: () => publish('made', { app: things('made') }, { spec: { sourceRef: maker } }),
    tools: () => publish('tools', tools),
  };
  const text = JSON.stringify(specs);
  const named = Object.entries(sources).filter(([name]) => text.includes(`"name":"${name}"`));
  await Promise.all([
    putGivens(scene),
    ...named.map(([, make]) => make()),
    ...(text.includes('"dependsOn"') ? [settleBase(scene, 'base')] : []),
  ]);
  return scene;
}

/** Rolls out this spec, as it reads in this namespace, and nothing of the one before. */
export async function rollShop(scene: Scene, spec: StageSetSpec): Promise<void> {
  const text = JSON.stringify(spec).replaceAll(LISTENER, `${listener.origin}/${scene.namespace}`);
  const here: StageSetSpec = JSON.parse(text.replaceAll(OWN_NAMESPACE, scene.namespace));
  const shop = scene.ref('StageSet', SHOP);
  if ((await scene.api.find(shop)) === undefined) await scene.roll(SHOP, here);
  else await scene.api.patch(shop, [{ op: 'replace', path: '/spec', value: here }], { type: 'json' });
}

/** Whether an http action of this namespace has come. */
export function isCalled({ namespace }: Scene): boolean {
  return listener.requests.some((path) => path.startsWith(`/${namespace}/`));
}

const maker = { apiVersion: 'example.test/v1', kind: 'Producer', name: 'maker' };

const alpha = {
  app: [...things('alpha'), labelled(deployment('alpha-web'))],
  extra: [configMap('alpha-extra'), hooked(configMap('alpha-hook'))],
  sealed,
};

const gamma = {
  app: things('gamma'),
  extra: [configMap('gamma-extra', { who: '${who:=nobody}' })],
};

/** What actions take. */
const tools = {
  jobs: [job('work'), configMap('scripts')],
  brought: [configMap('brought')],
};

const beta = (namespace: string) => ({
  app: [...things('beta'), { ...configMap('beta-frozen', { who: '${who:=nobody}' }), immutable: true }],
  kinds: [...kindAndObject(namespace), configMap('beta-with-kinds')],
});

function things(of: string): readonly Manifest[] {
  const settings = configMap(`${of}-settings`, { who: '${who:=nobody}', version: VERSION_OF_SOURCES });
  const stringData = { count: '${count:=1}', version: VERSION_OF_SOURCES };
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: `${of}-secret` }, stringData };
  return [labelled(settings, { tier: 'front' }), labelled(secret, { tier: 'back' })];
}

function labelled(manifest: Manifest, labels: Readonly<Record<string, string>> = {}): Manifest {
  const versioned = { 'app.kubernetes.io/version': VERSION_OF_SOURCES, ...labels };
  return {
    ...manifest,
    metadata: { ...(manifest.metadata as object), labels: versioned, annotations: { note: 'one' } },
  };
}

function hooked(manifest: Manifest): Manifest {
  const metadata = manifest.metadata as object;
  return { ...manifest, metadata: { ...metadata, annotations: { 'helm.sh/hook': 'pre-install' } } };
}

/** Kinds are the whole cluster's: each namespace has one of its own. */
function kindAndObject(namespace: string): readonly Manifest[] {
  const group = `${namespace}.example.test`;
  const spec = { type: 'object', properties: { size: { type: 'integer' } } };
  const openAPIV3Schema = { type: 'object', properties: { spec } };
  return [
    {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `widgets.${group}` },
      spec: {
        group,
        scope: 'Namespaced',
        names: { plural: 'widgets', singular: 'widget', kind: 'Widget' },
        versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema } }],
      },
    },
    { apiVersion: `${group}/v1`, kind: 'Widget', metadata: { name: 'beta-widget' }, spec: { size: 1 } },
  ];
}

const rbac = 'rbac.authorization.k8s.io';

/** Beside the sources: variables, keys, the way to a cluster, an account. */
async function putGivens({ api, namespace, plane }: Scene): Promise<void> {
  const named = (name: string) => ({ metadata: { name, namespace } });
  const secret = (name: string, stringData: Readonly<Record<string, string>>) =>
    api.create({ apiVersion: 'v1', kind: 'Secret', ...named(name), stringData });
  const kubeconfig = kubeconfigOf(plane);
  await Promise.all([
    api.create({ apiVersion: 'v1', kind: 'ConfigMap', ...named('variables'), data: { who: 'carla' } }),
    secret('more-variables', { who: 'dora', count: '3' }),
    secret('headers', { 'X-One': 'one' }),
    secret('more-headers', { 'X-Two': 'two' }),
    secret('keys', { 'a.agekey': key.identity }),
    secret('more-keys', { 'b.agekey': `# the same\n${key.identity}\n` }),
    secret('here', { value: kubeconfig, other: kubeconfig }),
    secret('here-too', { other: kubeconfig }),
    api.create({ apiVersion: 'v1', kind: 'ServiceAccount', ...named('tenant') }),
    api.create({ apiVersion: 'v1', kind: 'ConfigMap', ...named('acted'), data: { given: 'yes' } }),
    api.create({ apiVersion: 'v1', kind: 'ConfigMap', ...named('unwanted') }),
    api.create({ apiVersion: `${rbac}/v1`, kind: 'Role', ...named('acted-role') }),
  ]);
}

async function settleBase(scene: Scene, name: string): Promise<void> {
  await scene.publish('of-base', [configMap('of-base')]);
  await scene.roll(name, { interval: '24h', stages: [{ name: 'only', sourceRef: { name: 'of-base' } }] });
  await scene.settled(name, succeeded, { timeoutMs: 60_000 });
}

let shelf: Promise<void> | undefined;

/** What specs of every namespace name; tenants may do everything, for what they may not is another test's to say. */
async function layOutShelf(t: TestContext): Promise<void> {
  const { api, publisher } = await startScene(t);
  await api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: SHELF } });
  await api.create({
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: 'walking-tenants' },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ apiGroup: rbac, kind: 'Group', name: 'system:serviceaccounts' }],
  });
  await publisher.publish({
    namespace: SHELF,
    name: 'alpha',
    files: texts({ app: things('shelf'), extra: [configMap('shelf-extra')] }),
  });
  const made = (name: string, by: string, manifests: readonly Manifest[]) => {
    const sourceRef = { ...maker, name: by, namespace: SHELF };
    return publisher.publish({ namespace: SHELF, name, files: texts({ '.': manifests }), spec: { sourceRef } });
  };
  await made('work-made', 'worker', tools.jobs);
  await made('brought-made', 'bringer', tools.brought);
  await publisher.publish({ namespace: SHELF, name: 'tools', files: texts(tools) });
  const files = texts({ '.': [configMap('of-base'), deployment('of-base')] });
  for (const name of ['base', 'other']) {
    const source = name === 'base' ? files : texts({ '.': [configMap('of-other')] });
    await publisher.publish({ namespace: SHELF, name, files: source });
    const metadata = { name, namespace: SHELF };
    const spec = { interval: '24h', stages: [{ name: 'only', sourceRef: { name } }] };
    await api.apply({ apiVersion: 'stages.metio.wtf/v1', kind: 'StageSet', metadata, spec });
  }
}

type Folders = Readonly<Record<string, readonly Manifest[] | string>>;

/** Each with its version beside the manifests. */
function texts(folders: Folders): Readonly<Record<string, string>> {
  const files = Object.entries(folders).map(([folder, content]): readonly [string, string] =>
    typeof content === 'string'
      ? [`${folder}/secret.json`, content]
      : [`${folder}/all.yaml`, content.map((each) => JSON.stringify(each)).join('\n---\n')],
  );
  return { ...Object.fromEntries(files), VERSION: VERSION_OF_SOURCES, 'release/VERSION': `${VERSION_OF_SOURCES}\n` };
}
