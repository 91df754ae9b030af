import assert from 'node:assert/strict';
import { before, describe, type TestContext, test } from 'node:test';
import { eventually } from '../../tools/control-plane/eventually.ts';
import {
  because,
  configMap,
  deployment,
  type Manifest,
  oneStage,
  phasesOf,
  type Scene,
  stagesOf,
  startScene,
  stuckDeployment,
  succeeded,
} from '../harness/scene.ts';

const group = 'ready-checks.test';
const apiVersion = `${group}/v1`;

function definition(ofGroup: string): Manifest {
  const version = {
    name: 'v1',
    served: true,
    storage: true,
    subresources: { status: {} },
    schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `databases.${ofGroup}` },
    spec: {
      group: ofGroup,
      names: { kind: 'Database', plural: 'databases' },
      scope: 'Namespaced',
      versions: [version],
    },
  };
}

/** Before the controller looks for the first time at what is installed. */
before(async (t) => {
  const { api, namespace } = await startScene(t as TestContext);
  await api.apply(definition(group) as never);
  await eventually(() => api.list(apiVersion, 'Database', { namespace }));
});

const database = (name: string, version = apiVersion): Manifest => ({
  apiVersion: version,
  kind: 'Database',
  metadata: { name },
  spec: {},
});

const exprs = [
  {
    apiVersion,
    kind: 'Database',
    inProgress: "status.phase in ['Pending', 'Provisioning']",
    failed: "status.phase == 'Failed'",
    current: "status.phase == 'Running'",
  },
];

async function setStatus({ api, namespace }: Scene, name: string, status: object, version = apiVersion): Promise<void> {
  const ref = { apiVersion: version, kind: 'Database', namespace, name };
  await eventually(() => api.patch(ref, { status }, { subresource: 'status' }));
}

const waitsFor = (scene: Scene, text: RegExp) =>
  eventually(async () => {
    const stages = (await scene.read('app')).status?.stages ?? [];
    assert.ok(
      stages.some(({ phase, message = '' }) => phase === 'Verifying' && text.test(message)),
      JSON.stringify(stages),
    );
  });

/** What may a StageSet do that acts as the account `tenant`: everything with ConfigMaps and Deployments, and this. */
async function allowTenant({ api, namespace }: Scene, ...rules: readonly object[]): Promise<void> {
  const rbac = 'rbac.authorization.k8s.io';
  const everything = { apiGroups: ['', 'apps'], resources: ['configmaps', 'deployments'], verbs: ['*'] };
  await api.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'tenant', namespace } });
  await api.apply({
    apiVersion: `${rbac}/v1`,
    kind: 'Role',
    metadata: { name: 'tenant', namespace },
    rules: [everything, ...rules],
  });
  await api.apply({
    apiVersion: `${rbac}/v1`,
    kind: 'RoleBinding',
    metadata: { name: 'tenant', namespace },
    roleRef: { apiGroup: rbac, kind: 'Role', name: 'tenant' },
    subjects: [{ kind: 'ServiceAccount', name: 'tenant', namespace }],
  });
}

describe('checks', { concurrency: 4 }, () => {
  test('the stage waits for the objects that are named, and for no other', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [stuckDeployment('stuck'), deployment('web')]);
    const checks = [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }];
    await scene.roll('app', oneStage('app', { readyChecks: { checks } }));
    await scene.settled('app', succeeded);
  });

  test('an object that nobody has applied is waited for until it is there and ready', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    const { api, namespace } = scene;
    await scene.publish('app', [configMap('settings')]);
    const checks = [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'foreign' }];
    await scene.roll('app', oneStage('app', { readyChecks: { checks } }));
    await waitsFor(scene, /^waiting for Deployment \S+\/foreign \(not found\)$/);
    const foreign = deployment('foreign');
    await api.create({ ...foreign, metadata: { name: 'foreign', namespace } } as never);
    await scene.settled('app', succeeded);
  });

  test('one that never comes fails the stage by its timeout and is named; when it comes, the StageSet runs again', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    const { api, namespace } = scene;
    await scene.publish('app', [configMap('settings')]);
    const checks = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'approval' }];
    await scene.roll('app', oneStage('app', { readyChecks: { checks, timeout: '1s' } }));
    const ready = await scene.settled('app', because('StageFailed'));
    assert.match(
      ready.message,
      /^stage "app" failed: verify: timed out after 1s, nothing failed, still progressing: ConfigMap \S+\/approval \(not found\)$/,
    );
    await api.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'approval', namespace } });
    await scene.settled('app', succeeded); // its retryInterval is an hour
  });

  test('a cluster-scoped object is found, and a kind that is not installed is said to be missing', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [configMap('settings')]);
    const namespaced = { apiVersion: 'v1', kind: 'Namespace', name: scene.namespace };
    const missing = { apiVersion: 'nowhere.test/v1', kind: 'Gadget', name: 'g' };
    await scene.roll('app', oneStage('app', { readyChecks: { checks: [namespaced, missing], timeout: '1s' } }));
    const ready = await scene.settled('app', because('StageFailed'));
    assert.match(
      ready.message,
      /still progressing: Gadget \S+\/g \(the cluster has no kind Gadget in nowhere\.test\/v1\)$/,
    );
  });

  test('a tenant that may not read the object learns which right is missing, and nothing of the object', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    const { api, namespace } = scene;
    await allowTenant(scene);
    await api.create({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'key', namespace } });
    await scene.publish('app', [configMap('settings')]);
    const checks = [{ apiVersion: 'v1', kind: 'Secret', name: 'key' }];
    const spec = oneStage('app', { readyChecks: { checks, timeout: '2s' } });
    await scene.roll('app', { ...spec, serviceAccountName: 'tenant' });
    const ready = await scene.settled('app', because('StageFailed'));
    assert.match(
      ready.message,
      /Secret \S+\/key \(secrets "key" is forbidden: User "system:serviceaccount:\S+:tenant" cannot get resource "secrets"/,
    );
  });

  test('a tenant that may get the object but not watch it waits for it by asking', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    const { api, namespace } = scene;
    await allowTenant(scene, { apiGroups: [''], resources: ['secrets'], resourceNames: ['key'], verbs: ['get'] });
    await scene.publish('app', [configMap('settings')]);
    const checks = [{ apiVersion: 'v1', kind: 'Secret', name: 'key' }];
    await scene.roll('app', { ...oneStage('app', { readyChecks: { checks } }), serviceAccountName: 'tenant' });
    await waitsFor(scene, /^waiting for Secret \S+\/key \(not found\)$/);
    await api.create({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'key', namespace } });
    await scene.settled('app', succeeded);
  });

  test('a run that finds everything as it should be says nothing', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    const { api, namespace } = scene;
    await api.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'approval', namespace } });
    await scene.publish('app', [configMap('settings')]);
    const checks = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'approval' }];
    await scene.roll('app', oneStage('app', { readyChecks: { checks } }));
    await scene.atRest('app');
    const rested = await scene.read('app');
    await scene.annotate('app', { 'reconcile.fluxcd.io/requestedAt': 'again' });
    await eventually(async () => assert.equal((await scene.read('app')).status?.lastHandledReconcileAt, 'again'));
    const phases = (await scene.versions('app', rested)).map((set) => phasesOf(set).app);
    assert.deepEqual(new Set(phases), new Set(['Ready']));
  });
});

describe('exprs', { concurrency: 4 }, () => {
  test('a stage waits until the expressions of its kind, brought by the stage before, say current', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    const later = 'later.ready-checks.test';
    const version = `${later}/v1`;
    await scene.publish('crd', [definition(later)]);
    await scene.publish('db', [database('main', version), database('copy', version), configMap('beside')]);
    await scene.publish('after', [configMap('after')]);
    const { stages, ...spec } = stagesOf('crd', 'db', 'after');
    const laterExprs = exprs.map((expr) => ({ ...expr, apiVersion: version }));
    const withExprs = stages.map((stage) =>
      stage.name === 'db' ? { ...stage, readyChecks: { exprs: laterExprs } } : stage,
    );
    await scene.roll('app', { ...spec, stages: withExprs });
    await waitsFor(scene, /main \(its inProgress expression has no answer: unknown variable in status\)/);
    await setStatus(scene, 'main', { phase: 'Running' }, version);
    await setStatus(scene, 'copy', { phase: 'Provisioning' }, version);
    await waitsFor(scene, /^waiting for Database \S+\/copy \(as its inProgress expression tells\)$/);
    assert.deepEqual(await scene.find('ConfigMap', 'after'), undefined);
    await setStatus(scene, 'copy', { phase: 'Running' }, version);
    await scene.settled('app', succeeded);
  });

  test('failed ends the wait at once; recovered, the StageSet runs again', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [database('main')]);
    await scene.roll('app', oneStage('app', { readyChecks: { exprs }, timeout: '1h' }));
    await setStatus(scene, 'main', { phase: 'Failed' });
    const ready = await scene.settled('app', because('StageFailed'));
    assert.match(
      ready.message,
      /^stage "app" failed: verify: failed: Database \S+\/main \(as its failed expression tells\)$/,
    );
    await setStatus(scene, 'main', { phase: 'Running' });
    await scene.settled('app', succeeded);
  });

  test('a status about an older generation is not believed', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [database('main')]);
    await scene.roll('app', oneStage('app', { readyChecks: { exprs } }));
    await setStatus(scene, 'main', { phase: 'Running', observedGeneration: 0 });
    await waitsFor(scene, /main \(Database generation is 1, but latest observed generation is 0\)/);
    await setStatus(scene, 'main', { observedGeneration: 1 });
    await scene.settled('app', succeeded);
  });

  test('an expression without end holds up nobody and is told of', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [database('main')]);
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const all = `[${Array.from({ length: 100 }, (_, i) => i).join(', ')}]`;
    const current = names.reduceRight((inner, name) => `${all}.all(${name}, ${inner})`, 'f >= 0');
    const endless = [{ apiVersion, kind: 'Database', current }];
    await scene.roll('app', oneStage('app', { readyChecks: { exprs: endless, timeout: '2s' } }));
    const ready = await scene.settled('app', because('StageFailed'));
    assert.match(ready.message, /Database \S+\/main \(its expressions take longer than 50ms\)$/);
  });

  test('what is no expression is refused before anything is applied', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [database('main')]);
    const broken = [{ apiVersion, kind: 'Database', current: 'status.' }];
    await scene.roll('app', oneStage('app', { readyChecks: { exprs: broken } }));
    const ready = await scene.settled('app', because('InvalidSpec'));
    assert.match(ready.message, /readyChecks\.exprs\[0\]\.current.* is no CEL expression/);
  });
});

describe('why a stage is stuck', { concurrency: 4 }, () => {
  /** As the kubelet would: on its node there is none, so nobody else writes this. */
  async function breakPods({ api, namespace }: Scene, status: object): Promise<void> {
    await eventually(async () => {
      const pods = await api.list('v1', 'Pod', { namespace });
      assert.ok(pods.length > 0);
      for (const { metadata } of pods) {
        const ref = { apiVersion: 'v1', kind: 'Pod', namespace, name: metadata.name };
        await api.patch(ref, { status }, { subresource: 'status' });
      }
    });
  }

  const noImage = {
    containerStatuses: [
      {
        name: 'app',
        image: 'example/app:1',
        imageID: '',
        ready: false,
        restartCount: 2,
        state: { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image "example/app:1"' } },
        lastState: { terminated: { exitCode: 137, reason: 'OOMKilled', message: 'canary-in-the-container' } },
      },
    ],
  };

  test('the failing pod tells why, and nothing that a container wrote', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    const web = deployment('web', { nodeName: 'nowhere' });
    await scene.publish('app', [web]);
    await scene.roll('app', oneStage('app', { timeout: '4s' }));
    await breakPods(scene, noImage);
    const ready = await scene.settled('app', because('StageFailed'));
    assert.match(
      ready.message,
      /Deployment \S+\/web \([^;]+; pod web-\S+: container app: ImagePullBackOff: Back-off pulling image "example\/app:1", last end: OOMKilled, exit code 137\)$/,
    );
    assert.ok(!ready.message.includes('canary'));
  });

  test('to a tenant that may not read pods they tell nothing', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await allowTenant(scene);
    await scene.publish('app', [stuckDeployment('web')]);
    await scene.roll('app', { ...oneStage('app', { timeout: '2s' }), serviceAccountName: 'tenant' });
    const ready = await scene.settled('app', because('StageFailed'));
    assert.match(ready.message, /still progressing: Deployment \S+\/web \([^;]+\)$/);
  });

  test('a pod that no node takes fails after 15 s, long before the timeout', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    const spec = { nodeSelector: { 'no-such': 'node' }, containers: [{ name: 'app', image: 'example/app:1' }] };
    await scene.publish('app', [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'it' }, spec }]);
    await scene.roll('app', oneStage('app', { timeout: '1h' }));
    const ready = await scene.settled('app', because('StageFailed'), { timeoutMs: 40_000 });
    assert.match(
      ready.message,
      /^stage "app" failed: verify: failed: Pod \S+\/it \(Pod could not be scheduled; Unschedulable: .*\)$/,
    );
  });
});
