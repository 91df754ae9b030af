import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import type { StageSetSpec } from '../../src/shared/api/types.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { type ControllerProcess, startController } from '../harness/controller.ts';
import { type FaultProxy, startFaultProxy } from '../harness/fault-proxy.ts';
import { configMap, crashesIn, oneStage, type Scene, startScene, succeeded } from '../harness/scene.ts';
import { byHand, endPod, job, jobsIn, startPod, theJob } from '../integration/actions/hand-driven.ts';
import { momentsUpTo } from '../support/seeds.ts';

// However often the controller is killed, and after whichever of its writes: a Job takes effect once.

/** Of a rollout with one Job: the finalizer, statuses, dry runs, applies, the ledger, the Job's end, the stage's. */
const WRITES = 16;

let proxy: FaultProxy;
let controller: ControllerProcess;
const created = new Map<string, Set<string>>();
let watchEnded: unknown;

before(async () => {
  const scene = await startScene({ name: 'anything' } as TestContext);
  proxy = await startFaultProxy(scene);
  controller = await startController(proxy.kubeconfigPath);
  void countJobs(scene.api);
});

after(async () => {
  await controller?.kill();
  await proxy?.[Symbol.asyncDispose]();
});

const spec: StageSetSpec = oneStage('app', {
  actions: { pre: [{ name: 'migrate', job: { sourceRef: { name: 'migrations' } } }] },
});

for (const write of momentsUpTo(WRITES, 2)) {
  test(`kill -9 after write ${write}`, async (t) => {
    const scene = await publishedScene(t, {});
    let writes = 0;
    proxy.afterWrite = async ({ path }) => {
      if (!path.includes(`/namespaces/${scene.namespace}/`)) return;
      writes += 1;
      if (writes === write) await controller.kill('SIGKILL');
    };
    await scene.roll('shop', spec);
    const settled = scene.settled('shop', succeeded, { timeoutMs: 30_000 });
    await Promise.race([controller.exited, settled]);
    proxy.afterWrite = undefined;
    await controller.kill('SIGKILL'); // where there were fewer writes
    controller = await startController(proxy.kubeconfigPath);
    await settled;
    await assertOnce(scene);
  });
}

test('kill -9 while a Job is at work: it is found again and waited for', async (t) => {
  const scene = await publishedScene(t, byHand);
  await scene.roll('shop', spec);
  const { pod } = await theJob(scene);
  await startPod(scene, pod);
  await controller.kill('SIGKILL');
  await scene.publish('migrations', [job('migrate', { ...byHand, hostNetwork: true })]); // too late for this revision
  controller = await startController(proxy.kubeconfigPath);
  await eventually(() => assert.match(controller.log, new RegExp(`"run begins","stageset":"${scene.namespace}/shop"`)));
  await endPod(scene, pod, 0);
  await scene.settled('shop', succeeded);
  await assertOnce(scene);
});

test('kill -9 while a Job is at work, and a revision later: the new one waits until it has ended', async (t) => {
  const scene = await publishedScene(t, byHand);
  await scene.roll('shop', spec);
  const { job: old, pod } = await theJob(scene);
  await startPod(scene, pod);
  await controller.kill('SIGKILL');
  await scene.publish('app', [configMap('app', { key: 'new' })]);
  controller = await startController(proxy.kubeconfigPath);
  await eventually(async () => {
    const asked = (await scene.requests()).filter(({ verb, resource }) => verb === 'list' && resource === 'jobs');
    assert.ok(asked.length > 1, 'it has looked for what is there');
  });
  assert.equal((await theJob(scene)).job.metadata.uid, old.metadata.uid);
  await endPod(scene, pod, 1); // however it ends
  const { pod: next } = await eventually(async () => {
    const now = await theJob(scene);
    assert.notEqual(now.job.metadata.uid, old.metadata.uid);
    return now;
  });
  await endPod(scene, next, 0);
  await scene.settled('shop', succeeded);
  await eventually(async () => assert.deepEqual(await jobsIn(scene), []));
});

async function publishedScene(t: TestContext, podSpec: object): Promise<Scene> {
  const scene = await startScene(t);
  await scene.publish('app', [configMap('app')]);
  await scene.publish('migrations', [job('migrate', podSpec), configMap('scripts')]);
  return scene;
}

async function assertOnce(scene: Scene): Promise<void> {
  assert.equal(watchEnded, undefined);
  assert.equal(created.get(scene.namespace)?.size, 1);
  assert.deepEqual((await scene.read('shop')).status?.stages?.[0]?.executedActions, ['migrate']);
  assert.deepEqual(crashesIn(controller), []);
}

/** By UID: what was deleted and came again counts twice. The scene ends the watch with its cluster. */
async function countJobs(api: Scene['api']): Promise<void> {
  try {
    for await (const { object } of api.watch('batch/v1', 'Job', { signal: new AbortController().signal })) {
      const { namespace = '', uid = '' } = object.metadata;
      created.set(namespace, (created.get(namespace) ?? new Set()).add(uid));
    }
  } catch (error) {
    watchEnded = error;
  }
}
