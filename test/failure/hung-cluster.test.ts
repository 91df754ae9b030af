import assert from 'node:assert/strict';
import { connect, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { StageSet } from '../../src/shared/api/types.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { startController } from '../harness/controller.ts';
import { kubeconfigOf, kubeconfigText, putSecret, startRemote } from '../harness/remote.ts';
import { because, configMap, oneStage, type Scene, startScene, succeeded, succeededWith } from '../harness/scene.ts';

const OTHERS = 20;
const SLOTS = 2;
const HUNG = 3 * SLOTS;
const ROUNDS = 3;

/** Takes every connection and answers none. */
async function startHangingServer(
  t: TestContext,
): Promise<{ readonly url: string; readonly connections: () => number }> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket.on('error', () => {}).resume());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return { url: `https://127.0.0.1:${address.port}`, connections: () => connections };
}

const toHungCluster = { ...oneStage('hung'), kubeConfig: { secretRef: { name: 'hung' } }, retryInterval: '1s' };

/** More StageSets than there are slots, each of which has its first run under way. */
async function rollOutToHungCluster(scene: Scene, url: string): Promise<void> {
  await putSecret(scene, 'hung', { value: kubeconfigText({ server: url, user: { token: 't' } }) });
  await scene.publish('hung', [configMap('hung')]);
  for (let i = 0; i < HUNG; i += 1) await scene.roll(`hung-${i}`, toHungCluster);
}

async function suspend(scene: Scene, suspended: boolean): Promise<void> {
  for (let i = 0; i < HUNG; i += 1) await scene.roll(`hung-${i}`, { ...toHungCluster, suspend: suspended });
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Creates many StageSets at once; how long until 95 of 100 are Ready, in ms. */
async function p95(scene: Scene): Promise<number> {
  const { namespace } = scene;
  const names = Array.from({ length: OTHERS }, (_, i) => `app-${i}`);
  await Promise.all(names.map((name) => scene.publish(name, [configMap(name, { namespace })])));
  const readyAtMs = new Map<string, number>();
  const startedAtMs = performance.now();
  await Promise.all(names.map((name) => scene.roll(name, oneStage(name))));
  await eventually(
    async () => {
      const sets = await scene.api.list<StageSet>('stages.metio.wtf/v1', 'StageSet', { namespace });
      const nowMs = performance.now() - startedAtMs;
      for (const set of sets) {
        if (isReady(set) && !readyAtMs.has(set.metadata.name)) readyAtMs.set(set.metadata.name, nowMs);
      }
      assert.equal(readyAtMs.size, OTHERS);
    },
    { everyMs: 20, timeoutMs: 60_000 },
  );
  return [...readyAtMs.values()].toSorted((a, b) => a - b)[Math.ceil(OTHERS * 0.95) - 1] ?? 0;
}

function isReady({ status }: StageSet): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;
}

test('a cluster that takes every connection and answers none holds up nobody else', async (t) => {
  const first = await startScene(t);
  const controller = await startController(first.controllerKubeconfig, [`--concurrent=${SLOTS}`]);
  t.after(() => controller.kill());
  await p95(first); // whatever is slow for the first time only
  const server = await startHangingServer(t);
  const hung = await startScene(t);
  await rollOutToHungCluster(hung, server.url);
  await eventually(() => assert.ok(server.connections() > 0));

  // By turns, for how busy the machine is changes as well.
  const aloneMs: number[] = [];
  const besideMs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await suspend(hung, true);
    aloneMs.push(await p95(await startScene(t)));
    await suspend(hung, false);
    besideMs.push(await p95(await startScene(t)));
  }
  const ratio = median(besideMs) / median(aloneMs);
  const shown = [aloneMs, besideMs].map((each) => each.map((ms) => ms.toFixed(0)).join(', '));
  t.diagnostic(`p95 of ${OTHERS} StageSets: ${shown[0]} ms alone, ${shown[1]} ms beside, ratio ${ratio.toFixed(2)}`);
  assert.ok(ratio < 3, 'who waits for another cluster holds no slot');

  const ready = await hung.settled('hung-0', because('StageFailed'));
  const message =
    /^stage "app" failed: connect to target cluster: (no answer from|cannot reach) https:\/\/127\.0\.0\.1:\d+/;
  assert.match(ready.message, message);
});

/** Hands on what comes, both ways, until told to stop; connections stay open. */
async function startValve(t: TestContext, to: string) {
  const { hostname, port } = new URL(to);
  const sockets = new Set<Socket>();
  let isOpen = true;
  const turn = (open: boolean) => {
    isOpen = open;
    for (const socket of sockets) open ? socket.resume() : socket.pause();
  };
  const join = (from: Socket, other: Socket) => {
    sockets.add(from);
    from.on('data', (bytes) => other.write(bytes)).on('error', () => {});
    from.on('close', () => {
      sockets.delete(from);
      other.destroy();
    });
    if (!isOpen) from.pause();
  };
  const server = createServer((socket) => {
    const upstream = connect({ host: hostname, port: Number(port) });
    join(socket, upstream);
    join(upstream, socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return { url: `https://127.0.0.1:${address.port}`, close: () => turn(false), open: () => turn(true) };
}

test('a cluster that falls silent in the middle of everything holds up nobody else, and is made up with', async (t) => {
  const scene = await startScene(t);
  const remote = await startRemote(scene);
  const controller = await startController(scene.controllerKubeconfig, [`--concurrent=${SLOTS}`]);
  t.after(() => controller.kill());
  const valve = await startValve(t, remote.server.url);
  const server = { ...remote.server, url: valve.url };
  await putSecret(scene, 'hung', { value: kubeconfigOf({ ...remote, server }) });
  await scene.publish('hung', [configMap('of-all', { revision: '1' })]);
  const names = Array.from({ length: HUNG }, (_, i) => `hung-${i}`);
  const own = (i: number) => [{ op: 'replace', path: '/metadata/name', value: `of-${i}` }];
  for (const [i, name] of names.entries()) {
    const patches = [{ patch: JSON.stringify(own(i)), target: { kind: 'ConfigMap' } }];
    await scene.roll(name, { ...toHungCluster, stages: [{ name: 'app', sourceRef: { name: 'hung' }, patches }] });
  }
  for (const name of names) await scene.settled(name, succeeded);

  valve.close();
  const newer = await scene.publish('hung', [configMap('of-all', { revision: '2' })]);
  await p95(await startScene(t)); // done in time, though more runs are stuck than there are slots
  for (const name of names) {
    assert.notEqual(
      (await scene.read(name)).status?.lastAppliedRevisions?.[`${scene.namespace}/hung`],
      newer.artifact.revision,
    );
  }
  valve.open();
  for (const name of names) await scene.settled(name, succeededWith(newer), { timeoutMs: 90_000 });
});

test('a StageSet goes in the end, though its cluster does not answer', async (t) => {
  const scene = await startScene(t);
  const { api, namespace } = scene;
  const controller = await startController(scene.controllerKubeconfig, ['--max-teardown-wait=3s']);
  t.after(() => controller.kill());
  await scene.publish('hung', [configMap('left')]);
  await scene.roll('hung', oneStage('hung'));
  await scene.atRest('hung');
  const server = await startHangingServer(t);
  await putSecret(scene, 'hung', { value: kubeconfigText({ server: server.url, user: { token: 't' } }) });
  await scene.roll('hung', toHungCluster);
  await api.delete(scene.ref('StageSet', 'hung'));
  await scene.gone('hung', { timeoutMs: 60_000 });
  const forced = (await scene.events('hung')).find(({ reason }) => reason === 'TeardownForced');
  assert.match(forced?.note ?? '', new RegExp(`left behind: ConfigMap ${namespace}/left`));
});
