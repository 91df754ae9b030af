import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { keys } from '../../src/shared/labels.ts';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { startWebhook } from '../harness/admission-webhook.ts';
import { startController } from '../harness/controller.ts';
import { runKubectl } from '../harness/kubectl.ts';
import { configMap, deployment, oneStage, type Scene, startScene, succeeded } from '../harness/scene.ts';

function kubectl({ plane, namespace }: Scene, ...args: readonly string[]): Promise<string> {
  const where = [`--kubeconfig=${plane.kubeconfigPath}`, `--cache-dir=${plane.dir}/kubectl`, `-n=${namespace}`];
  return runKubectl(plane.toolset.binary('kubectl'), [...where, ...args]);
}

type Web = KubeObject & { readonly spec: object };

const web = (scene: Scene) => scene.ref('Deployment', 'web');
const readWeb = (scene: Scene) => scene.api.get<Web>(web(scene));

/** What of it a run would put right: all that the artifact says, and nothing else that was there in the beginning. */
function shapeOf({ metadata: { labels, annotations, finalizers }, spec }: Web): object {
  const { 'deployment.kubernetes.io/revision': _, ...rest } = annotations ?? {};
  return { labels, annotations: rest, finalizers, spec };
}

async function applies(scene: Scene): Promise<number> {
  const sent = await scene.requests();
  return sent.filter(({ verb, resource }) => verb === 'patch' && resource === 'deployments').length;
}

async function rollOutWeb(scene: Scene): Promise<Web> {
  await scene.controller();
  await scene.publish('app', [deployment('web', { replicas: 3 })]);
  await scene.roll('app', oneStage('app'));
  await scene.atRest('app');
  return readWeb(scene);
}

const mended: Readonly<Record<string, (scene: Scene) => Promise<unknown>>> = {
  'kubectl scale': (scene) => kubectl(scene, 'scale', 'deployment/web', '--replicas=2'),
  'kubectl set env': (scene) => kubectl(scene, 'set', 'env', 'deployment/web', 'ADDED=1'),
  'kubectl set image': (scene) => kubectl(scene, 'set', 'image', 'deployment/web', 'app=example/other:1'),
  'kubectl annotate': (scene) => kubectl(scene, 'annotate', 'deployment/web', 'by-hand=1'),
  'a label removed': (scene) => scene.api.patch(web(scene), { metadata: { labels: { [keys.stage]: null } } }),
  'a field set back to its default': (scene) => scene.api.patch(web(scene), { spec: { replicas: null } }),
  'an element of a keyed list removed and another put in': (scene) =>
    scene.api.patch(
      web(scene),
      { spec: { template: { spec: { containers: [{ name: 'x', image: 'example/x:1' }] } } } },
      { fieldManager: 'kubectl-edit' },
    ),
  'a writer under our own name': async (scene) => {
    const { metadata } = await readWeb(scene);
    const own = deployment('web', { replicas: 2 }) as unknown as KubeObject;
    const { name, namespace = '', labels = {} } = metadata;
    const body = { ...own, metadata: { name, namespace, labels } };
    await scene.api.apply(body, { fieldManager: 'stageset-controller' });
  },
};

const ignored: Readonly<Record<string, (scene: Scene) => Promise<unknown>>> = {
  'a status': (scene) =>
    scene.api.patch(
      web(scene),
      { status: { conditions: [{ type: 'Other', status: 'True', reason: 'X', message: '' }] } },
      { subresource: 'status', type: 'strategic' },
    ),
  "another manager's label": (scene) => scene.api.patch(web(scene), { metadata: { labels: { theirs: '1' } } }),
  'a PUT of the same object': async (scene) =>
    scene.api.send('PUT', `/apis/apps/v1/namespaces/${scene.namespace}/deployments/web`, {
      body: await readWeb(scene),
    }),
};

describe('ownership prints', { concurrency: 4 }, () => {
  for (const [what, disturb] of Object.entries(mended)) {
    test(`${what}: mended when it happens`, async (t) => {
      const scene = await startScene(t);
      const asApplied = await rollOutWeb(scene);
      await setTimeout(1_000); // the server dates writes by the second
      await disturb(scene);
      await eventually(async () => assert.deepEqual(shapeOf(await readWeb(scene)), shapeOf(asApplied)));
      await scene.settled('app', succeeded);
    });
  }

  for (const [what, disturb] of Object.entries(ignored)) {
    test(`${what}: costs no apply`, async (t) => {
      const scene = await startScene(t);
      await rollOutWeb(scene);
      const before = await applies(scene);
      await disturb(scene);
      await setTimeout(1_000);
      assert.equal(await applies(scene), before);
    });
  }

  test('deleted and made anew by somebody else: ours again', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [configMap('a')]);
    await scene.roll('app', oneStage('app'));
    await scene.settled('app', succeeded);
    const metadata = { name: 'a', namespace: scene.namespace };
    await scene.api.delete(scene.ref('ConfigMap', 'a'));
    await scene.api.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { key: 'theirs' } });
    await eventually(async () => {
      assert.deepEqual((await scene.api.get<{ data: object }>(scene.ref('ConfigMap', 'a'))).data, { key: 'value' });
      assert.deepEqual(await scene.ownedBy('app'), ['ConfigMap/a']);
    });
  });

  test('a Job that goes when its time is over is done: the stage is ready, and no other is made', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'it', image: 'example/it:1' }] } };
    const job = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'once' },
      spec: { ttlSecondsAfterFinished: 0, template },
    };
    await scene.publish('app', [job]);
    await scene.roll('app', { ...oneStage('app'), interval: '1s', timeout: '20s' });
    await scene.settled('app', succeeded);
    await eventually(async () => assert.equal(await scene.find('Job', 'once'), undefined));
    await setTimeout(2_500);
    const made = (await scene.requests()).filter(
      ({ verb, resource, dryRun }) => verb === 'patch' && resource === 'jobs' && !dryRun,
    );
    assert.equal(made.length, 1);
    await scene.settled('app', succeeded);
    assert.ok(!(await scene.events('app')).some(({ reason }) => reason === 'DriftCorrected'));
  });
});

// Beside no other test: for a while two controllers work on all of them.
test('what a webhook adds to each write is neither fought nor applied again, also after a restart', async (t) => {
  const scene = await startScene(t);
  await scene.controller();
  await startWebhook(t, scene, {
    kind: 'Mutating',
    resource: 'configmaps',
    rule: () => ({ allowed: true, patch: [{ op: 'add', path: '/data/stamped', value: 'by the webhook' }] }),
  });
  await scene.publish('app', [configMap('a')]);
  await scene.roll('app', oneStage('app'));
  await scene.atRest('app');
  const sent = async () =>
    (await scene.requests()).filter(({ verb, resource }) => verb === 'patch' && resource === 'configmaps').length;
  const before = await sent();
  const another = await startController(scene.controllerKubeconfig);
  try {
    await eventually(() => assert.match(another.log, new RegExp(`"run ended","stageset":"${scene.namespace}/app"`)));
  } finally {
    await another.kill();
  }
  assert.equal(await sent(), before);
  const { data } = await scene.api.get<{ data: object }>(scene.ref('ConfigMap', 'a'));
  assert.deepEqual(data, { key: 'value', stamped: 'by the webhook' });
});
