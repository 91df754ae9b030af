import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { StageInventory, StageSetSpec } from '../../src/shared/api/types.ts';
import { keys } from '../../src/shared/labels.ts';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import { impersonation, ownRules } from '../harness/chart-rules.ts';
import type { ControllerProcess } from '../harness/controller.ts';
import { startWithRights } from '../harness/default-install.ts';
import { grant, putSecret } from '../harness/remote.ts';
import {
  because,
  configMap,
  type Manifest,
  oneStage,
  type Scene,
  type SpecToRoll,
  startScene,
  succeeded,
} from '../harness/scene.ts';
import { CANARY } from '../support/canary.ts';

let starting: Promise<ControllerProcess> | undefined;

/** A tenant who may do what it likes with ConfigMaps of its namespace and nothing else, and another who has secrets. */
interface Neighbours {
  readonly scene: Scene;
  readonly controller: ControllerProcess;
  /** The namespace of the other. */
  readonly bank: string;
}

async function moveIn(t: Parameters<typeof startScene>[0]): Promise<Neighbours> {
  const scene = await startScene(t);
  const { api, namespace } = scene;
  starting ??= startWithRights(scene, [...ownRules, impersonation]);
  const controller = await starting;
  const bank = `${namespace}-bank`;
  await api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: bank } });
  await api.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'vault', namespace: bank } });
  await putSecret({ ...scene, namespace: bank }, 'vault', { value: CANARY, 'identity.agekey': CANARY });
  await putSecret(scene, 'unreadable', { value: CANARY, 'identity.agekey': CANARY });
  await grant(api, namespace, 'tenant', [
    { resources: ['configmaps'], verbs: ['get', 'list', 'watch', 'create', 'patch', 'delete'] },
  ]);
  return { scene, controller, bank };
}

const asTenant = { serviceAccountName: 'tenant' };
const userOf = ({ namespace }: Scene) => `system:serviceaccount:${namespace}:tenant`;

interface Attempt {
  readonly name: string;
  readonly manifests: (of: Neighbours) => readonly Manifest[];
  readonly spec?: (of: Neighbours) => Partial<SpecToRoll>;
  readonly stage?: Partial<StageSetSpec['stages'][number]>;
  /** What the tenant is told. */
  readonly message: (of: Neighbours) => string;
}

const secretForbidden = ({ scene }: Neighbours) =>
  `secrets "unreadable" is forbidden: User "${userOf(scene)}" cannot get resource "secrets" in API group "" in the namespace "${scene.namespace}"`;

function inBank(manifest: Manifest, { bank }: Neighbours): Manifest {
  return { ...manifest, metadata: { ...(manifest.metadata as object), namespace: bank } };
}

const rbac = 'rbac.authorization.k8s.io';

/** Everything else about each is right: without it the ConfigMap `mine` would be applied. */
const attempts: readonly Attempt[] = [
  {
    name: 'to read a Secret through substitution',
    manifests: () => [configMap('mine', { stolen: `\${value}` })],
    stage: { postBuild: { substituteFrom: [{ kind: 'Secret', name: 'unreadable' }] } },
    message: secretForbidden,
  },
  {
    name: 'to read one through optional substitution',
    manifests: () => [configMap('mine', { stolen: `\${value:=nothing}` })],
    stage: { postBuild: { substituteFrom: [{ kind: 'Secret', name: 'unreadable', optional: true }] } },
    message: secretForbidden,
  },
  {
    name: 'to use one as a decryption key',
    manifests: () => [configMap('mine')],
    spec: () => ({ decryption: { provider: 'sops', secretRef: { name: 'unreadable' } } }),
    message: secretForbidden,
  },
  {
    name: 'to use one as a kubeconfig',
    manifests: () => [configMap('mine')],
    spec: () => ({ kubeConfig: { secretRef: { name: 'unreadable' } } }),
    message: secretForbidden,
  },
  {
    name: 'to write into another namespace',
    manifests: (of) => [configMap('mine'), inBank(configMap('planted'), of)],
    message: ({ scene }) => `User "${userOf(scene)}" cannot`,
  },
  {
    name: 'to change what another namespace has',
    manifests: (of) => [configMap('mine'), inBank(configMap('vault', { mine: 'now' }), of)],
    message: ({ scene }) => `User "${userOf(scene)}" cannot`,
  },
  {
    name: 'to write a kind it has no right to',
    manifests: () => [
      configMap('mine'),
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'planted' }, stringData: { a: CANARY } },
    ],
    message: () => 'forbidden',
  },
  {
    name: 'to become admin of the cluster',
    manifests: ({ scene: { namespace } }) => [
      configMap('mine'),
      {
        apiVersion: `${rbac}/v1`,
        kind: 'ClusterRoleBinding',
        metadata: { name: `${namespace}-admin` },
        roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'cluster-admin' },
        subjects: [{ kind: 'ServiceAccount', name: 'tenant', namespace }],
      },
    ],
    message: ({ scene }) => `User "${userOf(scene)}" cannot`,
  },
  {
    name: 'to make a namespace',
    manifests: ({ bank }) => [
      configMap('mine'),
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: `${bank}-2` } },
    ],
    message: ({ scene }) => `User "${userOf(scene)}" cannot`,
  },
  {
    name: 'to do as the controller, by naming nobody',
    manifests: () => [configMap('mine')],
    spec: () => ({ serviceAccountName: undefined }),
    message: () => 'User "controller" cannot',
  },
];

describe('a tenant tries', { concurrency: 4 }, () => {
  for (const { name, manifests, spec, stage, message } of attempts) {
    test(name, async (t) => {
      const neighbours = await moveIn(t);
      const { scene, controller } = neighbours;
      await scene.publish('app', manifests(neighbours));
      await scene.roll('app', { ...oneStage('app', stage), ...asTenant, ...spec?.(neighbours) });
      const ready = await scene.settled('app', because('StageFailed'));
      assert.ok(ready.message.includes(message(neighbours)), ready.message);
      await assertNothingDone(neighbours);
      const told = JSON.stringify([await scene.read('app'), await scene.events('app'), controller.log]);
      for (const text of [CANARY, Buffer.from(CANARY).toString('base64')]) assert.ok(!told.includes(text));
    });
  }

  test('to act as somebody by a name that is none', async (t) => {
    const { scene } = await moveIn(t);
    await scene.publish('app', [configMap('mine')]);
    for (const serviceAccountName of ['', 'system:masters', 'bank:robot', '../robot', 'a b']) {
      await assert.rejects(scene.roll('app', { ...oneStage('app'), serviceAccountName }), /serviceAccountName/);
    }
  });

  test('to learn what another namespace holds, by what is said of sources and dependencies', async (t) => {
    const { scene, bank } = await moveIn(t);
    const there = { ...scene, namespace: bank };
    const { publisher, api } = scene;
    await publisher.fail({ namespace: bank, name: 'secret-source', reason: 'Failed', message: CANARY });
    const failed = { ...oneStage('nowhere'), suspend: true };
    await api.apply({
      apiVersion: 'stages.metio.wtf/v1',
      kind: 'StageSet',
      metadata: { name: 'secret-set', namespace: there.namespace },
      spec: failed,
    } as KubeObject);
    const told = async (
      names: readonly [there: string, none: string],
      specOf: (name: string) => StageSetSpec,
      reason: string,
    ) => {
      const messages = [];
      for (const [i, name] of names.entries()) {
        await scene.roll(`asks-${reason.toLowerCase()}-${i}`, { ...specOf(name), ...asTenant });
        const { message } = await scene.settled(`asks-${reason.toLowerCase()}-${i}`, because(reason));
        messages.push(message.replaceAll(name, 'it'));
      }
      return messages;
    };
    const fromSource = (name: string): StageSetSpec => ({
      ...oneStage('app'),
      stages: [{ name: 'app', sourceRef: { name, namespace: bank } }],
    });
    const [isThere, isNone] = await told(['secret-source', 'no-such-source'], fromSource, 'ResolveFailed');
    assert.equal(isThere, isNone);
    assert.equal(isThere, 'cross-namespace ExternalArtifact "it" is not reachable');

    await scene.publish('app', [configMap('mine')]);
    const dependsOn = (name: string): StageSetSpec => ({ ...oneStage('app'), dependsOn: [{ name, namespace: bank }] });
    const [exists, doesNot] = await told(['secret-set', 'no-such-set'], dependsOn, 'DependencyNotReady');
    assert.equal(exists, doesNot);
  });

  test('to learn it by waiting for an object there', async (t) => {
    const { scene, bank } = await moveIn(t);
    await scene.publish('app', [configMap('mine')]);
    const messages = [];
    for (const name of ['vault', 'no-such']) {
      const checks = [{ apiVersion: 'v1', kind: 'ConfigMap', name, namespace: bank }];
      await scene.roll(name, { ...oneStage('app', { readyChecks: { checks, timeout: '2s' } }), ...asTenant });
      messages.push((await scene.settled(name, because('StageFailed'))).message.replaceAll(name, 'it'));
    }
    assert.equal(messages[0], messages[1]);
    assert.match(messages[0] ?? '', /^stage "app" failed: verify: .*forbidden/);
  });

  test('to have the controller delete what is not its own, by writing it into its inventory', async (t) => {
    const neighbours = await moveIn(t);
    const { scene, bank } = neighbours;
    const { api, namespace } = scene;
    await scene.publish('app', [configMap('mine')]);
    await scene.roll('app', { ...oneStage('app'), ...asTenant });
    await scene.atRest('app');
    // Labelled as its own, so that nothing but the tenant's rights stands between.
    const labels = { [keys.ownerName]: 'app', [keys.ownerNamespace]: namespace, [keys.stage]: 'app' };
    const vault = { apiVersion: 'v1', kind: 'ConfigMap', name: 'vault', namespace: bank };
    await api.patch(vault, { metadata: { labels } });
    const [inventory] = await api.list<StageInventory>('stages.metio.wtf/v1', 'StageInventory', { namespace });
    const forged = [...inventory!.spec.entries, { id: `${bank}_vault__ConfigMap`, v: 'v1' }];
    const ref = { ...scene.ref('StageInventory', inventory!.metadata.name) };
    for (const identity of ['', 'controller', 'system:admin', `system:serviceaccount:${bank}:default`]) {
      const target = { ...(inventory!.spec.target ?? { cluster: 'x' }), identity };
      await api.patch(ref, { spec: { entries: forged, target } });
      await scene.annotate('app', { [keys.requestedAt]: `as-${identity}` });
      const { message } = await scene.settled(
        'app',
        ({ status }, set) => status === 'False' || set.status?.lastHandledReconcileAt === `as-${identity}`,
      );
      assert.ok(!message.includes(CANARY));
      await assertNothingDone(neighbours, ['mine']);
    }
  });

  test('to have its objects taken for another’s', async (t) => {
    const neighbours = await moveIn(t);
    const { scene, bank } = neighbours;
    const { api, namespace } = scene;
    await scene.publish('app', [configMap('mine')]);
    await scene.roll('app', { ...oneStage('app'), ...asTenant });
    await scene.atRest('app');
    const { metadata } = (await scene.find('ConfigMap', 'mine'))!;
    // A tenant of the bank labels an object of its own as the StageSet's here.
    const labels = { [keys.ownerName]: 'app', [keys.ownerNamespace]: namespace, [keys.stage]: 'app' };
    await api.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'mine', namespace: bank, labels } });
    await scene.annotate('app', { [keys.requestedAt]: 'now' });
    await scene.settled('app', (ready, { status }) => succeeded(ready) && status?.lastHandledReconcileAt === 'now');
    assert.equal((await scene.find('ConfigMap', 'mine'))?.metadata.resourceVersion, metadata.resourceVersion);
    await scene.remove('app');
    await scene.gone('app');
    assert.ok(await api.find({ apiVersion: 'v1', kind: 'ConfigMap', name: 'mine', namespace: bank }));
  });

  test('to have what it plants recorded as another’s, and so in the way of that for ever', async (t) => {
    const { scene, bank } = await moveIn(t);
    const { api, namespace } = scene;
    const labels = { [keys.ownerName]: 'app', [keys.ownerNamespace]: namespace, [keys.stage]: 'app' };
    await api.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'planted', namespace: bank, labels } });
    await scene.publish('other', [configMap('other')]);
    await scene.roll('other', { ...oneStage('other'), ...asTenant });
    await scene.atRest('other'); // ConfigMaps are watched by now
    await scene.publish('app', [configMap('mine')]);
    await scene.roll('app', { ...oneStage('app'), ...asTenant });
    await scene.atRest('app');
    await scene.annotate('app', { [keys.requestedAt]: 'now' });
    await scene.settled('app', (ready, { status }) => succeeded(ready) && status?.lastHandledReconcileAt === 'now');
    assert.deepEqual((await recordedOf(scene)).toSorted(), [`${namespace}/mine`, `${namespace}/other`]);
  });
});

/** Of the objects recorded for a StageSet, `namespace/name`. */
async function recordedOf({ api, namespace }: Scene): Promise<readonly string[]> {
  const inventories = await api.list<StageInventory>('stages.metio.wtf/v1', 'StageInventory', { namespace });
  return inventories.flatMap(({ spec }) => spec.entries.map(({ id }) => id.split('_').slice(0, 2).join('/')));
}

async function assertNothingDone({ scene, bank }: Neighbours, mine: readonly string[] = []): Promise<void> {
  const { api, namespace } = scene;
  const names = async (kind: string, where: string) =>
    (await api.list<KubeObject>('v1', kind, { namespace: where })).map(({ metadata }) => metadata.name).toSorted();
  const own = (await names('ConfigMap', namespace)).filter((name) => name !== 'kube-root-ca.crt');
  assert.deepEqual(own, mine);
  assert.deepEqual(await names('Secret', namespace), ['unreadable']);
  const theirs = (await names('ConfigMap', bank)).filter((name) => name !== 'kube-root-ca.crt');
  assert.deepEqual(theirs, ['vault']);
  const vault = await api.get<{ readonly data?: object } & KubeObject>({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    name: 'vault',
    namespace: bank,
  });
  assert.equal(vault.data, undefined);
  assert.deepEqual(await names('Secret', bank), ['vault']);
}
