import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startController } from '../harness/controller.ts';
import { startFaultProxy } from '../harness/fault-proxy.ts';
import { configMap, crashesIn, startScene, succeeded } from '../harness/scene.ts';
import {
  configMapNamed,
  dataOf,
  journal,
  put,
  putJournal,
  rollWith,
  setIn,
  write,
} from '../integration/actions/scene.ts';
import { isSoak, randomFrom, seeds } from '../support/seeds.ts';
import { killAfterWrites } from './kill-after-writes.ts';

const seed = seeds().at(-1) ?? 1;

test(`kill -9 after writes of a rollout: each action takes effect once, in its order (seed ${seed})`, async (t) => {
  const scene = await startScene(t);
  await Promise.all([
    putJournal(scene),
    put(scene, configMap('doomed')),
    scene.publish('app', [configMap('settings'), configMap('once')]),
  ]);
  const ownOnce = [{ op: 'replace', path: '/data/key', value: 'patched' }];

  // A crash just after its patch brings the stage's own object back to its manifest, and so it is patched again.
  const killing = await killAfterWrites(t, scene, {
    seed,
    spares: (what, before) => what.endsWith('/settings') && before.filter((each) => each === what).length === 2,
  });

  await rollWith(
    scene,
    {
      pre: [write('one'), { name: 'drop', delete: { target: configMapNamed('doomed') } }, write('two')],
      post: [
        { name: 'sees', wait: { target: configMapNamed('settings'), expr: 'data.key == "value"' } },
        setIn('settings', { key: 'patched' }, 'own'),
        {
          name: 'own-once',
          patch: { target: configMapNamed('once'), type: 'json6902', patch: JSON.stringify(ownOnce) },
        },
        write('three'),
      ],
    },
    { interval: '200ms', retryInterval: '200ms' },
  );
  await scene.settled('app', succeeded, { timeoutMs: 220_000 });
  assert.deepEqual(await journal(scene), ['one', 'two', 'three']);
  assert.equal(await dataOf(scene, 'doomed'), undefined);
  assert.ok(killing.killedAfter.length > (isSoak ? 12 : 3), killing.killedAfter.join());
  await delay(2_000); // ten intervals
  assert.deepEqual(await journal(scene), ['one', 'two', 'three']);
  for (const own of ['settings', 'once']) assert.deepEqual(await dataOf(scene, own), { key: 'patched' });
  await killing.stop();
});

test(`answers that are lost, late, or of a request that came twice: each action takes effect once (seed ${seed})`, async (t) => {
  const scene = await startScene(t);
  await using proxy = await startFaultProxy(scene);
  await Promise.all([putJournal(scene), scene.publish('app', [configMap('settings')])]);
  const random = randomFrom(seed);
  proxy.disturb(({ kind, path }) => {
    const isOurs = /\/(deployments\/journal|configmaps\/settings|stagesets\/app\/status)$/.test(path);
    if (!isOurs || random.below(3) === 0) return { is: 'none' };
    if (kind === 'read') return random.pick([{ is: 'stale' }, { is: 'answerLost' }, { is: 'late', ms: 100 }]);
    return random.pick([
      { is: 'twice' },
      { is: 'answerLost' },
      { is: 'answered', status: 409 },
      { is: 'answered', status: 503 },
    ]);
  });
  const controller = await startController(proxy.kubeconfigPath);
  t.after(() => controller.kill());
  const entries = ['one', 'two', 'three'];
  const own = { ...setIn('settings', { key: 'patched' }, 'own'), retries: 9 };
  const actions = { pre: entries.map((name) => write(name)), post: [own, { ...write('four'), retries: 2 }] };
  await rollWith(scene, actions, { interval: '200ms', retryInterval: '200ms' });
  const calmer = setTimeout(() => proxy.calm(), 6_000);
  await scene.settled('app', succeeded, { timeoutMs: 60_000 });
  clearTimeout(calmer);
  proxy.calm();
  await delay(1_000); // some intervals
  assert.deepEqual(await journal(scene), [...entries, 'four']);
  assert.deepEqual(await dataOf(scene, 'settings'), { key: 'patched' });
  assert.deepEqual(crashesIn(controller), []);
});
