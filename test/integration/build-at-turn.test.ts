// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are Flux's references
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Stage } from '../../src/shared/api/types.ts';
import { configMap, type Scene, startScene, succeeded } from '../harness/scene.ts';
import { dataOf, put, setIn } from './actions/scene.ts';

/** `base` applies what it is given, `web` renders the value `A` of the ConfigMap `values`. */
async function rolled(scene: Scene, web: Partial<Stage> = {}) {
  const substituteFrom = [{ kind: 'ConfigMap', name: 'values' }] as const;
  await scene.roll('app', {
    interval: '1h',
    retryInterval: '1h',
    stages: [
      { name: 'base', sourceRef: { name: 'base' } },
      { name: 'web', sourceRef: { name: 'web' }, postBuild: { substituteFrom: [...substituteFrom] }, ...web },
    ],
  });
}

/** There is no second run that could mend it: the next would be in an hour. */
describe('what a stage is built from', { concurrency: 4 }, () => {
  test('may be what the stage before it brings, or changes', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('base', [configMap('values', { A: 'one' })]);
    await scene.publish('web', [configMap('settings', { a: '${A}' })]);
    await rolled(scene);
    await scene.settled('app', succeeded);
    assert.deepEqual(await dataOf(scene, 'settings'), { a: 'one' });
    assert.equal((await scene.read('app')).status?.history?.length, 1);

    await scene.publish('base', [configMap('values', { A: 'two' })]);
    await scene.settled('app', (ready, { status }) => succeeded(ready) && (status?.history?.length ?? 0) > 1);
    assert.deepEqual(await dataOf(scene, 'settings'), { a: 'two' });
  });

  test('may be what its own pre action sets', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await put(scene, configMap('values', { A: 'before' }));
    await scene.publish('base', [configMap('other')]);
    await scene.publish('web', [configMap('settings', { a: '${A}' })]);
    await rolled(scene, { actions: { pre: [setIn('values', { A: 'after' })] } });
    await scene.settled('app', succeeded);
    assert.deepEqual(await dataOf(scene, 'settings'), { a: 'after' });
  });

  test('may make it render what another stage has: found before its first write', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('base', [configMap('values', { A: 'shared' }), configMap('shared', { of: 'base' })]);
    await scene.publish('web', [{ ...configMap('any', { of: 'web' }), metadata: { name: '${A}' } }]);
    await rolled(scene);
    const { message } = await scene.settled('app', ({ reason }) => reason === 'InvalidSpec');
    assert.match(message, /ConfigMap \S+\/shared is in the stages "base" and "web"/);
    assert.deepEqual(await dataOf(scene, 'shared'), { of: 'base' });
  });

  test('that nothing brings fails the stage before its actions, those before it stand', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await put(scene, configMap('mark'));
    await put(scene, configMap('values', { A: ': no YAML' }));
    await scene.publish('base', [configMap('other')]);
    await scene.publish('web', [{ ...configMap('settings'), data: { a: '${A}' }, extra: '${A}' }]);
    await rolled(scene, { path: 'missing', actions: { pre: [setIn('mark', { ran: 'yes' })] } });
    const { message } = await scene.settled('app', ({ reason }) => reason === 'StageFailed');
    assert.match(message, /^stage "web" failed: build: /);
    assert.deepEqual((await dataOf(scene, 'mark'))?.ran, undefined);
    assert.notEqual(await dataOf(scene, 'other'), undefined);
  });
});
