import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { configMap, phasesOf, stagesOf, startScene, succeeded } from '../harness/scene.ts';

test('what a teardown waits for shows in status, and telling it does not get in the way of its end', async (t) => {
  const scene = await startScene(t);
  await scene.controller();
  await scene.publish('web', [{ ...configMap('web'), metadata: { name: 'web', finalizers: ['example.test/hold'] } }]);
  await scene.roll('shop', stagesOf('web'));
  await scene.settled('shop', succeeded);

  await scene.remove('shop');
  await eventually(async () => {
    const set = await scene.read('shop');
    const doing = set.status?.conditions?.find(({ type }) => type === 'Reconciling')?.message;
    assert.equal(doing, `stage "web": waiting until ConfigMap ${scene.namespace}/web is gone`);
    assert.deepEqual(phasesOf(set), { web: 'Pruning' });
  });
  await scene.annotate('shop', { somebody: 'else' });
  await scene.api.patch(scene.ref('ConfigMap', 'web'), { metadata: { finalizers: null } });
  await scene.gone('shop');
  assert.doesNotMatch((await scene.controller()).log, /run cut short/);
});
