import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../shared/time/manual-clock.ts';
import { Discovery } from './discovery.ts';
import { KubeError } from './errors.ts';
import type { ClusterClient, KubeRequest } from './types.ts';

type Answers = Readonly<Record<string, object | KubeError>>;

/** A server whose answers, by path, a test may change. */
function clusterOf(initial: Answers) {
  const asked: KubeRequest[] = [];
  const cluster = { answers: initial, asked, rounds: () => asked.filter(({ path }) => path === '/apis').length };
  const client: ClusterClient = {
    send: async (request) => {
      asked.push(request);
      const body = cluster.answers[request.path];
      if (body === undefined || body instanceof KubeError) {
        throw body ?? new KubeError({ status: 404, reason: 'NotFound', message: request.path });
      }
      return { status: 200, body: body as never, warnings: [] };
    },
    stream: () => assert.fail(),
    stats: () => assert.fail(),
    close: () => assert.fail(),
  };
  return { ...cluster, client, answer: (answers: Answers) => Object.assign(cluster, { answers }) };
}

const down = new KubeError({ status: 503, reason: 'ServiceUnavailable', message: 'down' });

function served(kind: string, scope = 'Namespaced') {
  return { resource: `${kind.toLowerCase()}s`, responseKind: { kind }, scope, verbs: ['get'], subresources: [{}] };
}

function aggregated(versions: readonly object[]): Answers {
  return {
    '/api': {
      kind: 'APIGroupDiscoveryList',
      items: [{ metadata: {}, versions: [{ version: 'v1', resources: [served('Pod'), served('Node', 'Cluster')] }] }],
    },
    '/apis': { kind: 'APIGroupDiscoveryList', items: [{ metadata: { name: 'x.io' }, versions }] },
  };
}

const plain: Answers = {
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/apis': {
    kind: 'APIGroupList',
    groups: [
      { name: 'x.io', versions: [{ version: 'v1beta1' }, { version: 'v1' }], preferredVersion: { version: 'v1' } },
      { name: 'metrics.k8s.io', versions: [{ version: 'v1' }] },
    ],
  },
  '/api/v1': {
    resources: [
      { name: 'pods', kind: 'Pod', namespaced: true, verbs: ['get'] },
      { name: 'pods/log', kind: 'Pod', namespaced: true, verbs: ['get'] },
    ],
  },
  '/apis/x.io/v1': { resources: [{ name: 'widgets', kind: 'Widget', namespaced: false, verbs: ['get'] }] },
  '/apis/x.io/v1beta1': { resources: [{ name: 'widgets', kind: 'Widget', namespaced: false, verbs: ['get'] }] },
  '/apis/metrics.k8s.io/v1': down,
};

test('aggregated discovery: two requests, the preferred version first', async () => {
  const cluster = clusterOf(
    aggregated([
      { version: 'v1', resources: [served('Widget')] },
      { version: 'v1beta1', resources: [served('Widget'), served('Gadget', 'Cluster')] },
    ]),
  );
  const discovery = new Discovery(cluster.client, { as: 'robot' });
  await discovery.refresh();
  assert.deepEqual(discovery.find({ group: 'x.io', kind: 'Widget' }), {
    group: 'x.io',
    version: 'v1',
    kind: 'Widget',
    plural: 'widgets',
    namespaced: true,
    verbs: ['get'],
  });
  assert.equal(discovery.find({ group: 'x.io', kind: 'Widget', version: 'v1beta1' })?.version, 'v1beta1');
  assert.equal(discovery.find({ group: 'x.io', kind: 'Gadget', version: 'v1' }), undefined);
  assert.equal(discovery.find({ group: '', kind: 'Pod' })?.plural, 'pods');
  assert.deepEqual(discovery.clusterScopedKinds().toSorted(), ['/Node', 'x.io/Gadget']);
  assert.deepEqual(
    cluster.asked.map(({ path, answer, as }) => [path, answer, as]),
    [
      ['/api', 'discovery', 'robot'],
      ['/apis', 'discovery', 'robot'],
    ],
  );
});

test('an older server is asked group by group; subresources are no kinds', async () => {
  const discovery = new Discovery(clusterOf(plain).client);
  await discovery.refresh();
  assert.equal(discovery.find({ group: 'x.io', kind: 'Widget' })?.version, 'v1');
  assert.equal(discovery.find({ group: '', kind: 'Pod' })?.plural, 'pods');
  assert.deepEqual(discovery.clusterScopedKinds(), ['x.io/Widget']);
});

test('a group whose API is down fails no other, and keeps the kinds it had', async () => {
  const cluster = clusterOf(aggregated([{ version: 'v1', resources: [served('Widget')] }]));
  const discovery = new Discovery(cluster.client);
  await discovery.refresh();
  cluster.answer(aggregated([{ version: 'v1', freshness: 'Stale', resources: [] }]));
  await discovery.refresh();
  assert.ok(discovery.find({ group: 'x.io', kind: 'Widget' }));
  cluster.answer({ ...plain, '/apis/x.io/v1': down });
  await discovery.refresh();
  assert.ok(discovery.find({ group: 'x.io', kind: 'Widget', version: 'v1' }));
  assert.ok(discovery.find({ group: '', kind: 'Pod' }));
});

test('a kind that is served no more is found no more', async () => {
  const cluster = clusterOf(aggregated([{ version: 'v1', resources: [served('Widget')] }]));
  const discovery = new Discovery(cluster.client);
  await discovery.refresh();
  cluster.answer(aggregated([{ version: 'v1', resources: [] }]));
  await discovery.refresh();
  assert.equal(discovery.find({ group: 'x.io', kind: 'Widget' }), undefined);
});

test('a missing kind that is asked for a thousand times costs one round in ten seconds', async () => {
  const clock = new ManualClock();
  const cluster = clusterOf(aggregated([]));
  const discovery = new Discovery(cluster.client, { clock });
  const missing = { group: 'x.io', kind: 'Widget' };
  const found = await Promise.all(Array.from({ length: 1_000 }, () => discovery.lookUp(missing)));
  assert.ok(found.every((resource) => resource === undefined));
  await discovery.lookUp(missing);
  assert.equal(cluster.rounds(), 1);

  cluster.answer(aggregated([{ version: 'v1', resources: [served('Widget')] }]));
  await clock.advance(10_000);
  assert.ok(await discovery.lookUp(missing));
  assert.ok(await discovery.lookUp(missing));
  assert.equal(cluster.rounds(), 2);
});

test('a discovery that failed says so instead of "no such kind", without asking again at once', async () => {
  const clock = new ManualClock();
  const cluster = clusterOf({ '/api': down, '/apis': down });
  const discovery = new Discovery(cluster.client, { clock });
  for (let i = 0; i < 3; i += 1) await assert.rejects(discovery.lookUp({ group: '', kind: 'Pod' }), down);
  assert.equal(cluster.rounds(), 1);
  cluster.answer(aggregated([]));
  await discovery.refresh();
  assert.ok(await discovery.lookUp({ group: '', kind: 'Pod' }));
});

test('of a group that does not answer nobody can tell whether it has a kind', async () => {
  const versions = [{ version: 'v1', freshness: 'Stale', resources: [] }];
  const cluster = clusterOf(aggregated(versions));
  const discovery = new Discovery(cluster.client, { clock: new ManualClock() });
  await assert.rejects(discovery.lookUp({ group: 'x.io', kind: 'Widget' }), /x\.io does not answer/);
  assert.equal(await discovery.lookUp({ group: 'y.io', kind: 'Widget' }), undefined);
});
