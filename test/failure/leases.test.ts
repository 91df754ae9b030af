import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { type Replica, startReplica } from '../harness/replica.ts';
import {
  configMap,
  oneStage,
  phasesOf,
  type Scene,
  startScene,
  stuckDeployment,
  succeededWith,
} from '../harness/scene.ts';
import { type SentWrite, sentWrites } from '../harness/sent-requests.ts';

const patience = { timeoutMs: 30_000 };

/** Replicas of a scene, which end with the test: all of them work on one cluster. */
async function startScenery(t: TestContext, ...flags: string[]) {
  const scene = await startScene(t);
  const replicas: Replica[] = [];
  t.after(() => Promise.all(replicas.map((replica) => replica.kill())));
  const start = async (name: string, own: readonly string[] = flags) => {
    const replica = await startReplica(scene, name, own);
    replicas.push(replica);
    return replica;
  };
  return { scene, start };
}

async function rollOut(scene: Scene, name: string, version: string): Promise<void> {
  const published = await scene.publish(name, [configMap(name, { version })]);
  await scene.roll(name, oneStage(name));
  await scene.settled(name, succeededWith(published), patience);
}

async function writes(scene: Scene): Promise<readonly SentWrite[]> {
  return sentWrites(scene.plane.auditLogPath ?? '');
}

/** Who wrote about each StageSet, in order, without repetition: nobody comes back after another. */
async function assertOneOwnerAtATime(scene: Scene): Promise<void> {
  const about = Map.groupBy(
    (await writes(scene)).filter(({ namespace, resource }) => namespace === scene.namespace && resource !== 'leases'),
    ({ name }) => name,
  );
  for (const [name, all] of about) {
    const users = all.toSorted((a, b) => a.atMs - b.atMs).map(({ user }) => user);
    const turns = users.filter((user, i) => user !== users[i - 1]);
    assert.equal(new Set(turns).size, turns.length, `${name} was written by ${turns.join(', then ')}`);
  }
}

test('a replica that waits is ready and does nothing; a leader that is killed is replaced within 20 s', async (t) => {
  const { scene, start } = await startScenery(t, '--leader-elect');
  const first = await start('first');
  await first.leads(1);
  assert.deepEqual(await first.leases(), ['stageset-controller.stages.metio.wtf']);
  const second = await start('second');
  await rollOut(scene, 'app', '1');
  assert.deepEqual(
    (await writes(scene)).filter(({ user }) => user === second.user),
    [],
  );
  await first.kill('SIGKILL');
  const killedAtMs = performance.now();
  await second.leads(1, 20_000);
  t.diagnostic(`taken over ${Math.round(performance.now() - killedAtMs)} ms after the kill`);
  await rollOut(scene, 'app', '2');
  await assertOneOwnerAtATime(scene);
});

test('a leader that was frozen and has lost its lease begins no write when it wakes', async (t) => {
  const { scene, start } = await startScenery(t, '--leader-elect');
  const first = await start('first');
  await first.leads(1);
  const second = await start('second');
  await scene.publish('stuck', [stuckDeployment('stuck')]);
  await scene.roll('stuck', oneStage('stuck'));
  await eventually(async () => assert.deepEqual(phasesOf(await scene.read('stuck')), { app: 'Verifying' }), patience);
  const many = Array.from({ length: 600 }, (_, i) => configMap(`many-${i}`));
  const published = await scene.publish('many', many);
  await scene.roll('many', oneStage('many'));
  await eventually(async () => assert.ok((await scene.ownedBy('many')).length > 0), { ...patience, everyMs: 5 });
  first.freeze();
  assert.ok((await scene.ownedBy('many')).length < many.length, 'it was frozen in the middle of its work');

  await second.leads(1, 20_000);
  await scene.settled('many', succeededWith(published), patience);
  const thawedAtMs = Date.now();
  first.thaw();
  await delay(5_000);
  const late = (await writes(scene)).filter(({ user, atMs }) => user === first.user && atMs >= thawedAtMs);
  assert.deepEqual(late, []);
  assert.deepEqual([await first.leases(), (await second.leases()).length], [[], 1]);
  assert.match(first.log, /leading no more/);
  assert.doesNotMatch(first.log, /run crashed/);

  await second.kill('SIGTERM');
  await first.leads(1, 20_000);
  await rollOut(scene, 'many', 'by the first again');
});

test('a leader that is asked to stop while a run waits ends at once, and its Lease lapses', async (t) => {
  const { scene, start } = await startScenery(t, '--leader-elect');
  const first = await start('first');
  await first.leads(1);
  const second = await start('second');
  await scene.publish('stuck', [stuckDeployment('stuck')]);
  await scene.roll('stuck', oneStage('stuck'));
  await eventually(async () => assert.deepEqual(phasesOf(await scene.read('stuck')), { app: 'Verifying' }), patience);
  const askedAtMs = performance.now();
  await first.kill('SIGTERM');
  assert.ok(performance.now() - askedAtMs < 5_000);
  assert.deepEqual(await second.leases(), [], 'it is not released');
  await second.leads(1, 20_000);
  t.diagnostic(`taken over ${Math.round(performance.now() - askedAtMs)} ms after SIGTERM`);
  assert.deepEqual(await first.exited, { code: 0, signal: null });
  const published = await scene.publish('stuck', [configMap('mended')]);
  await scene.settled('stuck', succeededWith(published), patience);
  await assertOneOwnerAtATime(scene);
});

test('shards are shared evenly, and taken over from a replica that dies', async (t) => {
  const { scene, start } = await startScenery(t, '--shards=3');
  const names = Array.from({ length: 9 }, (_, i) => `app-${i}`);
  const first = await start('first');
  await first.leads(3);
  const second = await start('second');
  await second.leads(1);
  await first.leads(2);
  await Promise.all(names.map((name) => rollOut(scene, name, '1')));
  const applied = (await writes(scene)).filter(
    ({ namespace, resource }) => namespace === scene.namespace && resource === 'configmaps',
  );
  const writers = new Set(applied.map(({ user }) => user));
  assert.deepEqual([...writers].toSorted(), [first.user, second.user]);
  await first.kill('SIGKILL');
  await second.leads(3, 20_000);
  await Promise.all(names.map((name) => rollOut(scene, name, '2')));
  await assertOneOwnerAtATime(scene);
});

test('a rolling change from two shards to three: nobody of the new leads before the last of the old has gone', async (t) => {
  const { scene, start } = await startScenery(t);
  const names = Array.from({ length: 9 }, (_, i) => `app-${i}`);
  const old = await Promise.all(['old-1', 'old-2'].map((name) => start(name, ['--shards=2'])));
  await Promise.all(old.map((replica) => replica.leads(1)));
  await Promise.all(names.map((name) => rollOut(scene, name, '1')));
  const fresh = await Promise.all(['new-1', 'new-2'].map((name) => start(name, ['--shards=3'])));
  await old[0]!.kill('SIGTERM');
  await old[1]!.leads(2, 20_000);
  await Promise.all(names.map((name) => rollOut(scene, name, '2')));
  for (const replica of fresh) assert.deepEqual(await replica.leases(), []);
  await old[1]!.kill('SIGKILL');
  await eventually(async () => {
    const counts = (await Promise.all(fresh.map((replica) => replica.leases()))).map(({ length }) => length);
    assert.deepEqual(counts.toSorted(), [1, 2]);
  }, patience);
  await Promise.all(names.map((name) => rollOut(scene, name, '3')));
  const all = await writes(scene);
  const lastOfOld = Math.max(
    ...all.filter(({ user }) => old.some((each) => each.user === user)).map(({ atMs }) => atMs),
  );
  const firstOfNew = Math.min(
    ...all
      .filter(({ user, resource }) => resource !== 'leases' && fresh.some((each) => each.user === user))
      .map(({ atMs }) => atMs),
  );
  assert.ok(lastOfOld < firstOfNew, `${lastOfOld} ${firstOfNew}`);
});
