import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { startController } from '../harness/controller.ts';
import { configMap, oneStage, startScene, stuckDeployment, succeeded, succeededWith } from '../harness/scene.ts';

test('the gate opens when a stage is Ready, and closes while its next revision is on its way', async (t) => {
  const scene = await startScene(t);
  const gate = `${(await scene.controller()).originOf('gate')}/gate/${scene.namespace}/shop`;
  const first = await scene.publish('app', [configMap('a')]);
  await scene.roll('shop', oneStage('app'));
  await scene.settled('shop', succeededWith(first));

  const open = await fetch(`${gate}/app`);
  assert.deepEqual([open.status, await open.text()], [200, 'ready\n']);
  const head = await fetch(`${gate}/app`, { method: 'HEAD' });
  assert.deepEqual([head.status, head.headers.get('content-length'), await head.text()], [200, '6', '']);
  assert.deepEqual(await verdictAt(`${gate}/app`), {
    ready: true,
    namespace: scene.namespace,
    stageset: 'shop',
    stage: 'app',
    phase: 'Ready',
    revision: first.artifact.revision,
  });

  const stuck = await scene.publish('app', [stuckDeployment('a')]);
  await eventually(async () => assert.equal((await fetch(`${gate}/app`)).status, 403));
  await eventually(async () => {
    const { ready, phase, revision } = await verdictAt(`${gate}/app`);
    assert.deepEqual(
      { ready, phase, revision },
      { ready: false, phase: 'Verifying', revision: stuck.artifact.revision },
    );
  });
  const mended = await scene.publish('app', [configMap('a')]);
  await scene.settled('shop', succeededWith(mended));
  await eventually(async () => assert.equal((await fetch(`${gate}/app`)).status, 200));
  assert.equal((await verdictAt(`${gate}/app`)).revision, mended.artifact.revision);

  await scene.remove('shop');
  await scene.gone('shop');
  await eventually(async () => assert.equal((await fetch(`${gate}/app`)).status, 403));
});

test('the gate keeps closed what nobody knows, and takes questions only', async (t) => {
  const scene = await startScene(t);
  const gate = `${(await scene.controller()).originOf('gate')}/gate`;
  await scene.publish('app', [configMap('a')]);
  await scene.roll('shop', oneStage('app'));
  await scene.settled('shop', succeeded);

  for (const path of [`${scene.namespace}/shop/no-such`, `${scene.namespace}/none/app`, 'nowhere/shop/app']) {
    assert.equal((await fetch(`${gate}/${path}`)).status, 403, path);
    const [namespace, stageset, stage] = path.split('/');
    assert.deepEqual(await verdictAt(`${gate}/${path}`), {
      ready: false,
      namespace,
      stageset,
      stage,
      phase: '',
      revision: '',
    });
  }
  for (const path of ['', '/a', '/a/b', '/a/b/c/d', '/a/b/C', '/a//c']) {
    assert.equal((await fetch(`${gate}${path}`, json)).status, 400, path);
  }
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
    const answer = await fetch(`${gate}/${scene.namespace}/shop/app`, {
      method,
      ...(method === 'POST' && { body: '{}' }),
    });
    assert.deepEqual([answer.status, answer.headers.get('allow')], [405, 'GET, HEAD'], method);
  }
});

test('a taken port costs the gate only: what must be there ends the controller with one line', async (t) => {
  const scene = await startScene(t);
  const { controllerKubeconfig } = scene;
  const taken = new URL((await scene.controller()).originOf('metrics')).host;

  const withoutGate = await startController(controllerKubeconfig, ['--leader-elect', `--gate-bind-address=${taken}`]);
  t.after(() => withoutGate.kill());
  const why = `cannot listen on ${taken}: the port is taken: choose another address or end what uses it`;
  assert.match(withoutGate.log, new RegExp(`"msg":"not serving gate","error":"--gate-bind-address: ${why}"`));
  assert.equal(
    (await fetch(`${withoutGate.originOf('probes')}/readyz`)).status,
    200,
    'works all the same, as a follower',
  );

  for (const flag of ['--metrics-bind-address', '--health-probe-bind-address']) {
    const ended = startController(controllerKubeconfig, [`${flag}=${taken}`]);
    await assert.rejects(ended, ({ message }: Error) => {
      assert.match(message, /^the controller ended with 3: /);
      assert.match(message, new RegExp(`\\{[^\\n]*"msg":"cannot go on","error":"${flag}: ${why}"\\}\\n$`));
      return true;
    });
  }
});

const json = { headers: { accept: 'application/json' } };

async function verdictAt(url: string): Promise<Record<string, unknown>> {
  const answer = await fetch(url, json);
  assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'application/json']);
  return (await answer.json()) as Record<string, unknown>;
}
