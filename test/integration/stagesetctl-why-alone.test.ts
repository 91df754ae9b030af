import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, runNext } from '../harness/next-command.ts';
import { oneStage, type Scene, startScene } from '../harness/scene.ts';

const name = 'stageset-controller.stages.metio.wtf';
const leaseOf = (namespace: string) => ({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace, name });

/** Whoever was here before us may have left one. */
async function noLease({ api }: Scene): Promise<void> {
  const leases = await api.list('coordination.k8s.io/v1', 'Lease');
  for (const { metadata } of leases)
    if (metadata.name.includes('stages.metio.wtf')) await api.delete(leaseOf(metadata.namespace!));
}

async function answer(scene: Scene): Promise<readonly [text: string, next: string]> {
  const { code, stdout } = await ask(scene, 'why', 'shop');
  assert.equal(code, 0);
  const [text = '', , next = ''] = stdout.split('\n');
  return [text, next.replace('Next: ', '')];
}

async function hold({ api, namespace }: Scene, renewedAtMs: number): Promise<void> {
  const renewTime = new Date(renewedAtMs).toISOString().replace('Z', '000Z');
  const spec = { holderIdentity: 'pod-1', leaseDurationSeconds: 15, renewTime };
  const { kind, apiVersion } = leaseOf(namespace);
  await api.apply({ apiVersion, kind, metadata: { name, namespace }, spec } as Parameters<typeof api.apply>[0]);
}

test('nobody looks at it: no controller, one that has gone, one that runs', async (t) => {
  const scene = await startScene(t);
  const { namespace } = scene;
  await noLease(scene);
  await scene.roll('shop', oneStage('app'));
  const [none, all] = await answer(scene);
  assert.equal(
    none,
    `StageSet ${namespace}/shop waits for a controller: none has looked at it yet. Nobody holds the Lease of one, so that most likely none is running.`,
  );
  assert.equal((await runNext(scene, all)).code, 0);

  await hold(scene, Date.now() - 300_000);
  const [silent, pods] = await answer(scene);
  assert.match(silent, /No controller is running: pod-1, in namespace \S+, gave its last sign of life 5m\d*s? ago\.$/);
  assert.equal(pods, `kubectl get pods -n ${namespace}`);
  assert.equal((await runNext(scene, pods)).code, 0);

  await hold(scene, Date.now());
  const [running] = await answer(scene);
  assert.match(running, /One is running in namespace \S+, so it comes to it in a moment, unless it does not watch/);
});
