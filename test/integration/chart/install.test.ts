import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '../../../src/shared/objects/object.ts';
import { eventually } from '../../../tools/control-plane/eventually.ts';
import type { ObjectRef } from '../../../tools/control-plane/kube-api.ts';
import {
  argsIn,
  type ChartValues,
  chart,
  type DeploymentObject,
  helm,
  helmVersions,
  render,
} from '../../harness/helm.ts';
import { type InstalledController, startInstalled } from '../../harness/installed.ts';
import { grant } from '../../harness/remote.ts';
import { configMap, oneStage, type Scene, startScene, succeeded } from '../../harness/scene.ts';

const release = 'stageset-controller';
const plain: ChartValues = { namespace: { create: true } };

function valueSets({ namespace }: Scene): readonly ChartValues[] {
  return [
    {
      replicas: { min: 2, max: 5 },
      controller: { tenantAuth: 'token', watchNamespaces: [namespace] },
      mcp: { enabled: true, allowMutations: true },
      gate: { enabled: false },
      rollbackStore: { backend: 'pvc', pvc: { accessModes: ['ReadWriteMany'] } },
      networkPolicy: { enabled: true },
      metrics: { dashboard: { enabled: true } },
    },
    { nameOverride: 'stages', controller: { leaderElect: false }, rbac: { clusterAdmin: true } },
    plain,
  ];
}

for (const version of helmVersions) {
  test(`${version} installs the chart, upgrades from one set of values to another, and uninstalls it`, async (t) => {
    const scene = await startScene(t);
    const { api, namespace, plane } = scene;
    const run = (verb: string, args: readonly string[] = [], values: ChartValues = {}) =>
      helm(
        version,
        [verb, release, ...args, `--namespace=${namespace}`, `--kubeconfig=${plane.kubeconfigPath}`],
        values,
      );
    await withoutCrds(scene);

    await run('install', [chart, '--take-ownership', '--wait', '--timeout=2m', '--values=-'], plain);
    let there = await render(plain, { version, namespace });
    await assertThere(scene, there);
    await using first = await startFromChart(scene);
    await eventually(async () => assert.notEqual(await caBundle(scene), '', 'its own CA comes into the caBundle'));
    await first.kill();

    for (const values of valueSets(scene)) {
      await run('upgrade', [chart, '--values=-'], values);
      const next = await render(values, { version, namespace });
      await assertThere(scene, next);
      await assertGone(scene, without(there, next));
      assert.notEqual(await caBundle(scene), '', 'an upgrade leaves the caBundle');
      there = next;
    }

    await using second = await startFromChart(scene);
    await rollsOutAndRefuses(scene, second);
    await run('uninstall', ['--wait', '--timeout=2m']);
    const kept = (object: KubeObject) => object.metadata.annotations?.['helm.sh/resource-policy'] === 'keep';
    await assertGone(
      scene,
      there.filter((object) => !kept(object)),
    );
    await assertThere(scene, there.filter(kept));
    assert.ok(await scene.read('app'), 'StageSets stay');
    // Whoever forgot to delete them first takes the finalizer off: nobody is left who would.
    await api.patch(scene.ref('StageSet', 'app'), { metadata: { finalizers: null } });
    await scene.remove('app');
    await scene.gone('app');
  });
}

/** As on a cluster that has never heard of us. */
async function withoutCrds({ api }: Scene): Promise<void> {
  for (const plural of ['stagesets', 'stageinventories']) {
    const crd = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      name: `${plural}.stages.metio.wtf`,
    };
    await api.delete(crd).catch(() => {});
    await eventually(async () => assert.equal(await api.find(crd), undefined));
  }
}

function refOf({ apiVersion, kind, metadata: { name, namespace } }: KubeObject): ObjectRef {
  return { apiVersion, kind, name, namespace };
}

async function assertThere({ api }: Scene, objects: readonly KubeObject[]): Promise<void> {
  for (const object of objects) await api.get(refOf(object));
}

async function assertGone({ api }: Scene, objects: readonly KubeObject[]): Promise<void> {
  for (const object of objects) {
    await eventually(async () => assert.equal(await api.find(refOf(object)), undefined, JSON.stringify(refOf(object))));
  }
}

function without(objects: readonly KubeObject[], others: readonly KubeObject[]): readonly KubeObject[] {
  const names = new Set(others.map((object) => JSON.stringify(refOf(object))));
  const kept = ['Namespace', 'CustomResourceDefinition'];
  return objects.filter((object) => !kept.includes(object.kind) && !names.has(JSON.stringify(refOf(object))));
}

/** With the arguments that its pod would have. */
async function startFromChart(scene: Scene): Promise<InstalledController> {
  const { api, namespace } = scene;
  const name = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: release };
  return await startInstalled(scene, release, argsIn([await api.get<DeploymentObject>(name)]));
}

const configuration = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  name: release,
};

async function caBundle({ api }: Scene): Promise<string> {
  const { webhooks } = await api.get<{
    readonly webhooks: readonly { readonly clientConfig: { readonly caBundle?: string } }[];
  }>(configuration);
  return webhooks[0]?.clientConfig.caBundle ?? '';
}

async function rollsOutAndRefuses(scene: Scene, controller: InstalledController): Promise<void> {
  const { api, namespace } = scene;
  // There is no network of pods here: the Service leads to this machine instead.
  const service = { apiVersion: 'v1', kind: 'Service', namespace, name: `${release}-webhook` };
  await api.patch(service, {
    spec: { type: 'ExternalName', externalName: 'localhost', clusterIP: null, clusterIPs: null },
  });
  await leadTo(scene, Number(new URL(controller.originOf('webhook')).port));
  await assert.rejects(scene.roll('wrong', { stages: [], interval: 'soon' } as never), /spec\./);
  await grant(api, namespace, 'deployer', [
    { resources: ['configmaps'], verbs: ['get', 'list', 'watch', 'create', 'patch', 'delete'] },
  ]);
  await scene.publish('app', [configMap('settings')]);
  // The API server takes a moment to learn of a new caBundle, and asks with the old one until then.
  await eventually(() => scene.roll('app', { ...oneStage('app'), serviceAccountName: 'deployer' }));
  await scene.settled('app', succeeded);
  await scene.atRest('app');
  await scene.publish('other', [configMap('other')]);
  await scene.roll('other', { ...oneStage('other'), serviceAccountName: 'deployer' });
  await scene.settled('other', succeeded);
  // While nobody answers for the webhook, StageSets go nonetheless.
  await leadTo(scene, 1);
  await assert.rejects(scene.roll('third', oneStage('app')), /failed calling webhook/);
  await scene.remove('other');
  await scene.gone('other');
}

/** From now on the API server asks whoever listens at this port. */
async function leadTo({ api }: Scene, port: number): Promise<void> {
  const patch = [{ op: 'replace', path: '/webhooks/0/clientConfig/service/port', value: port }];
  await api.patch(configuration, patch, { type: 'json' });
}
