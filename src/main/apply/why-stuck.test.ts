import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Discovery } from '../kube/discovery.ts';
import { KubeError } from '../kube/errors.ts';
import { type ClusterClient, type KubeRequest, unleased } from '../kube/types.ts';
import type { LiveView } from '../live/live-view.ts';
import type { ObjectWatches } from '../live/object-watches.ts';
import type { Target } from './cluster.ts';
import { selectorText, whyStuck } from './why-stuck.ts';

const verbs = ['get', 'list'];
const resources = [
  { group: 'apps', version: 'v1', kind: 'Deployment', plural: 'deployments', namespaced: true, verbs },
  { group: 'batch', version: 'v1', kind: 'Job', plural: 'jobs', namespaced: true, verbs },
  { group: '', version: 'v1', kind: 'Pod', plural: 'pods', namespaced: true, verbs },
];
const forbidden = new KubeError({ status: 403, reason: 'Forbidden', message: 'no' });

/** Answers by path; what has no answer is forbidden. */
function targetOf(answers: Readonly<Record<string, object>>): { target: Target; asked: readonly KubeRequest[] } {
  const asked: KubeRequest[] = [];
  const client = {
    async send(request: KubeRequest) {
      asked.push(request);
      const body = answers[request.path];
      if (body === undefined) throw forbidden;
      return { status: 200, body, warnings: [] };
    },
  } as unknown as ClusterClient;
  const find: Discovery['find'] = ({ group, kind }) => resources.find((r) => r.group === group && r.kind === kind);
  const recordedAs = { cluster: 'here', identity: 'system:serviceaccount:shop:app' };
  const name = async () => recordedAs.cluster;
  const cluster = {
    client,
    discovery: { find } as Discovery,
    live: {} as LiveView,
    watches: {} as ObjectWatches,
    scope: [],
    name,
  };
  return { target: { cluster, as: 'system:serviceaccount:shop:app', lease: unleased, recordedAs }, asked };
}

const web = 'shop_web_apps_Deployment';
const webPath = '/apis/apps/v1/namespaces/shop/deployments/web';
const podsPath = '/api/v1/namespaces/shop/pods';
const selector = { matchLabels: { app: 'web' } };

function pod(name: string, reason: string, metadata: object): object {
  const status = { containerStatuses: [{ name: 'app', state: { waiting: { reason } } }] };
  return { metadata: { name, ...metadata }, status };
}

test('the newest pod with a problem is told of; all is asked as the account', async () => {
  const items = [
    pod('old', 'CrashLoopBackOff', { creationTimestamp: '2030-01-01T00:00:00Z' }),
    pod('new', 'ImagePullBackOff', { creationTimestamp: '2030-01-02T00:00:00Z' }),
    pod('newest', '', { creationTimestamp: '2030-01-03T00:00:00Z' }),
    pod('going', 'Error', { creationTimestamp: '2030-01-04T00:00:00Z', deletionTimestamp: '2030-01-04T00:00:01Z' }),
  ];
  const { target, asked } = targetOf({ [webPath]: { spec: { selector } }, [podsPath]: { items } });
  assert.deepEqual([...(await whyStuck(target, [web]))], [[web, 'pod new: container app: ImagePullBackOff']]);
  assert.deepEqual(
    asked.map(({ path, query, as }) => [path, query?.labelSelector, as]),
    [
      [webPath, undefined, target.as],
      [podsPath, 'app=web', target.as],
    ],
  );
});

test('what the account may not read is left out', async () => {
  assert.equal((await whyStuck(targetOf({}).target, [web])).size, 0);
  assert.equal((await whyStuck(targetOf({ [webPath]: { spec: { selector } } }).target, [web])).size, 0);
});

test('a Job tells how it failed, also without its pods', async () => {
  const conditions = [{ type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded', message: 'too many' }];
  const { target } = targetOf({
    '/apis/batch/v1/namespaces/shop/jobs/it': { spec: { selector }, status: { conditions } },
  });
  assert.deepEqual(
    [...(await whyStuck(target, ['shop_it_batch_Job']))],
    [['shop_it_batch_Job', 'BackoffLimitExceeded: too many']],
  );
});

test('a Pod speaks for itself, and kinds without pods are not asked about', async () => {
  const { target, asked } = targetOf({ [`${podsPath}/p`]: pod('p', 'ErrImagePull', {}) });
  const found = await whyStuck(target, ['shop_p__Pod', 'shop_s__Service', 'shop_w_example.com_Widget']);
  assert.deepEqual([...found], [['shop_p__Pod', 'container app: ErrImagePull']]);
  assert.equal(asked.length, 1);
});

test('ten are asked about, however many are stuck', async () => {
  const { target, asked } = targetOf({});
  await whyStuck(
    target,
    Array.from({ length: 50 }, (_, i) => `shop_web-${i}_apps_Deployment`),
  );
  assert.equal(asked.length, 10);
});

test('a selector is written as a LIST takes it; an empty one selects nothing here', async () => {
  const matchExpressions = [
    { key: 'tier', operator: 'In', values: ['a', 'b'] },
    { key: 'env', operator: 'NotIn', values: ['dev'] },
    { key: 'x', operator: 'Exists' },
    { key: 'y', operator: 'DoesNotExist' },
  ];
  assert.equal(selectorText({ ...selector, matchExpressions }), 'app=web,tier in (a,b),env notin (dev),x,!y');
  const { target, asked } = targetOf({ [webPath]: { spec: {} } });
  await whyStuck(target, [web]);
  assert.deepEqual(
    asked.map(({ path }) => path),
    [webPath],
  );
});
