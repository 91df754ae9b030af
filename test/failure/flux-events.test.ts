import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { startController } from '../harness/controller.ts';
import { configMap, oneStage, startScene, succeeded, succeededWith } from '../harness/scene.ts';
import { startNotificationController } from '../support/notification-controller.ts';

test('notification-controller learns what happens, though it hangs and fails, and no run waits for it', async (t) => {
  const scene = await startScene(t);
  const flux = await startNotificationController(t);
  const controller = await startController(scene.controllerKubeconfig, [`--events-addr=${flux.origin}/`]);
  t.after(() => controller.kill());
  const { artifact } = await scene.publish('app', [configMap('a')]);

  flux.trouble('hang', 503);
  await scene.roll('shop', oneStage('app'), { 'event.toolkit.fluxcd.io/cluster': 'eu-1' });
  const { lastTransitionTime } = await scene.settled('shop', succeeded, { timeoutMs: 4_000 }); // it hangs for five
  await eventually(async () => assert.ok(Date.now() >= Date.parse(lastTransitionTime) + 1_000)); // dated by the second
  const moved = await scene.publish('app', [{ ...configMap('a'), metadata: {} }]);
  await scene.settled('shop', ({ reason }) => reason === 'StageFailed');
  const mended = await scene.publish('app', [configMap('a')]);
  await scene.settled('shop', succeededWith(mended));
  await eventually(async () => assert.equal(flux.events.length, 3));

  await scene.api.delete(scene.ref('ConfigMap', 'a'));
  await eventually(async () => assert.equal(flux.events.length, 4));

  assert.deepEqual(flux.violations, []);
  const [first, failed, recovered] = flux.events;
  assert.deepEqual(
    flux.events.map(({ reason, severity, metadata }) => [reason, severity, metadata['stages.metio.wtf/revision']]),
    [
      ['Succeeded', 'info', artifact.revision],
      ['StageFailed', 'error', moved.artifact.revision],
      ['Succeeded', 'info', mended.artifact.revision],
      ['DriftCorrected', 'error', mended.artifact.revision],
    ],
  );
  assert.equal(recovered?.message, first?.message, 'only the token tells the recovery from the first success');
  assert.match(failed?.message ?? '', /^stage "app" failed: build: /);
  assert.equal(first?.metadata['event.toolkit.fluxcd.io/cluster'], 'eu-1');
  assert.deepEqual(await outcomes(controller), { delivered: 4 });
});

test('an address that nobody answers costs a line in the log and a count', async (t) => {
  const scene = await startScene(t);
  const controller = await startController(scene.controllerKubeconfig, ['--events-addr=http://127.0.0.1:1/']);
  t.after(() => controller.kill());
  await scene.publish('app', [configMap('a')]);
  await scene.roll('shop', oneStage('app'));
  await scene.atRest('shop');

  await controller.kill('SIGTERM');
  const lines = controller.log.split('\n').filter((line) => line.includes('event not taken by --events-addr'));
  const { stageset, reason, error } = JSON.parse(lines[0] ?? '{}');
  assert.deepEqual([stageset, reason, lines.length], [`${scene.namespace}/shop`, 'Succeeded', 1]);
  assert.match(error, /ECONNREFUSED/);
  assert.deepEqual(await controller.exited, { code: 0, signal: null });
});

async function outcomes({ metrics }: { metrics: () => Promise<string> }): Promise<Readonly<Record<string, number>>> {
  const series = (await metrics()).matchAll(/^stageset_flux_events_total\{outcome="(\w+)"\} (\d+)/gm);
  return Object.fromEntries([...series].map(([, outcome, count]) => [outcome, Number(count)]));
}
