import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
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

/** Its pods wait until the node has a pool of this name. */
const waitingFor = (pool: string): Manifest => deployment('web', { nodeSelector: { pool } });

async function openPool(scene: Scene, pool: string): Promise<void> {
  const [node] = await scene.api.list('v1', 'Node');
  const ref = { apiVersion: 'v1', kind: 'Node', name: node!.metadata.name };
  await scene.api.patch(ref, { metadata: { labels: { pool } } });
}

function job(name: string, spec: object, podSpec: object = {}): Manifest {
  const template = {
    spec: { restartPolicy: 'Never', containers: [{ name: 'it', image: 'example/it:1' }], ...podSpec },
  };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, spec: { ...spec, template } };
}

describe('verify', { concurrency: 4 }, () => {
  test('a timeout names what is still progressing and how; the next stage does not begin', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('web', [stuckDeployment('web'), configMap('beside')]);
    await scene.publish('after', [configMap('after')]);
    await scene.roll('app', { ...stagesOf('web', 'after'), timeout: '2s' });
    const ready = await scene.settled('app', because('StageFailed'));
    assert.match(
      ready.message,
      /^stage "web" failed: verify: timed out after 2s, nothing failed, still progressing: Deployment \S+\/web \(.*0\/1.*\)$/i,
    );
    assert.deepEqual(phasesOf(await scene.read('app')), { web: 'Failed', after: 'Pending' });
    assert.deepEqual(await scene.ownedBy('app'), ['ConfigMap/beside', 'Deployment/web']);
  });

  test('status keeps up with what is waited for', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [stuckDeployment('stuck'), deployment('quick')]);
    await scene.roll('app', oneStage('app'));
    await eventually(async () => {
      const [stage] = (await scene.read('app')).status?.stages ?? [];
      assert.match(stage?.message ?? '', /^waiting for Deployment \S+\/stuck \(\w+: 0\/1\)$/);
    });
  });

  test('readyChecks.timeout bounds the wait in place of the stage’s own', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [stuckDeployment('web')]);
    await scene.roll('app', oneStage('app', { timeout: '1h', readyChecks: { timeout: '1s' } }));
    const ready = await scene.settled('app', because('StageFailed'));
    assert.match(ready.message, /verify: timed out after 1s, nothing failed/);
  });

  test('disableWait waits for nothing', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [stuckDeployment('web')]);
    await scene.roll('app', oneStage('app', { readyChecks: { disableWait: true } }));
    await scene.settled('app', succeeded);
  });

  test('the run goes on as soon as the last object is ready', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    const pool = scene.namespace;
    await scene.publish('web', [waitingFor(pool)]);
    await scene.publish('after', [configMap('after')]);
    await scene.roll('app', stagesOf('web', 'after'));
    await eventually(async () => assert.equal(phasesOf(await scene.read('app')).web, 'Verifying'));
    await openPool(scene, pool);
    await scene.settled('app', succeeded);
  });

  test('an object that becomes ready after the timeout wakes the StageSet', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    const pool = scene.namespace;
    await scene.publish('app', [waitingFor(pool)]);
    await scene.roll('app', oneStage('app', { timeout: '1s' })); // and its retryInterval is an hour
    await scene.settled('app', because('StageFailed'));
    await openPool(scene, pool);
    await scene.settled('app', succeeded);
    assert.deepEqual(phasesOf(await scene.read('app')), { app: 'Ready' });
  });

  test('a Job counts when it is complete', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [job('migrate', { backoffLimit: 0 })]);
    await scene.roll('app', oneStage('app'));
    await scene.settled('app', succeeded);
    const { status } = (await scene.find<{ status: { succeeded: number } }>('Job', 'migrate'))!;
    assert.equal(status.succeeded, 1);
  });

  test('a Job that fails ends the wait at once and is named', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    const never = { nodeSelector: { 'no-such': 'node' } };
    await scene.publish('app', [job('migrate', { backoffLimit: 0, activeDeadlineSeconds: 1 }, never)]);
    await scene.roll('app', oneStage('app', { timeout: '1h' }));
    const ready = await scene.settled('app', because('StageFailed'));
    assert.match(
      ready.message,
      /^stage "app" failed: verify: failed: Job \S+\/migrate \(Job Failed\. failed: 1\/1; DeadlineExceeded: .*\)$/,
    );
  });
});
