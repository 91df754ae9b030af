import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ManualClock } from '../../shared/time/manual-clock.ts';
import { KubeError } from '../kube/errors.ts';
import { configMapResource } from '../kube/own-kinds.ts';
import type { ClusterClient, KubeRequest } from '../kube/types.ts';
import { AccessReviews } from './access-reviews.ts';

const account = 'system:serviceaccount:shop:deployer';

interface Spec {
  readonly user: string;
  readonly groups: readonly string[];
  readonly resourceAttributes: { readonly verb: string; readonly resource: string; readonly namespace: string };
}

function scene(_t: TestContext, answer: (spec: Spec) => boolean, where: 'clusterwide' | 'local' = 'clusterwide') {
  const clock = new ManualClock();
  const asked: Spec[] = [];
  const sent: KubeRequest[] = [];
  const client = {
    send: async (request: KubeRequest) => {
      const { spec } = JSON.parse(String(request.body)) as { spec: Spec };
      asked.push(spec);
      sent.push(request);
      return { status: 201, body: { status: { allowed: answer(spec) } }, warnings: [] };
    },
  } as unknown as ClusterClient;
  let forbidden = 0;
  const reviews = new AccessReviews({ client, clock, asked: where, onForbidden: () => (forbidden += 1) });
  const mayWatch = (...namespaces: string[]) =>
    reviews.mayWatch(account, { resource: configMapResource, namespaces: new Set(namespaces) });
  const known = (...namespaces: string[]) =>
    reviews.known(account, { resource: configMapResource, namespaces: new Set(namespaces) });
  return { clock, asked, sent, mayWatch, known, forbidden: () => forbidden };
}

test('who may list and watch is asked for once, as the server would see them', async (t) => {
  const { asked, mayWatch, known } = scene(t, () => true);
  assert.equal(known('shop'), undefined);
  assert.deepEqual(await Promise.all([mayWatch('shop'), mayWatch('shop')]), [true, true]);
  assert.deepEqual([known('shop'), known('shop', 'bank')], [true, undefined]);
  assert.deepEqual(
    asked.map(({ user, resourceAttributes: { verb, resource, namespace } }) => [user, verb, resource, namespace]),
    [
      [account, 'list', 'configmaps', 'shop'],
      [account, 'watch', 'configmaps', 'shop'],
    ],
  );
  assert.deepEqual(asked[0]?.groups, ['system:serviceaccounts', 'system:serviceaccounts:shop', 'system:authenticated']);
});

test('a local review is asked for in the namespace that it is about', async (t) => {
  const { sent, mayWatch } = scene(t, () => true, 'local');
  assert.equal(await mayWatch('shop'), true);
  const [{ path, body } = assert.fail()] = sent;
  assert.equal(path, '/apis/authorization.k8s.io/v1/namespaces/shop/localsubjectaccessreviews');
  const review = JSON.parse(String(body));
  assert.deepEqual([review.kind, review.metadata], ['LocalSubjectAccessReview', { namespace: 'shop' }]);
});

test('both verbs count, and every namespace', async (t) => {
  const onlyList = scene(t, ({ resourceAttributes: { verb } }) => verb === 'list');
  assert.equal(await onlyList.mayWatch('shop'), false);
  const onlyShop = scene(t, ({ resourceAttributes: { namespace } }) => namespace === 'shop');
  assert.equal(await onlyShop.mayWatch('shop', 'bank'), false);
  assert.equal(await onlyShop.mayWatch('shop'), true);
});

test('a right that was taken away is noticed within half an hour, one that was given within a minute', async (t) => {
  let allowed = true;
  const { clock, mayWatch, known } = scene(t, () => allowed);
  assert.equal(await mayWatch('shop'), true);
  allowed = false;
  await clock.advance(29 * 60_000);
  assert.equal(known('shop'), true);
  await clock.advance(60_000);
  assert.equal(await mayWatch('shop'), false);
  allowed = true;
  await clock.advance(59_000);
  assert.equal(known('shop', 'bank'), false);
  await clock.advance(1_000);
  assert.equal(await mayWatch('shop'), true);
});

test('a controller that may not ask serves nobody, and says so; one that got no answer asks again', async (t) => {
  let status = 403;
  const { mayWatch, forbidden } = scene(t, () => {
    throw new KubeError({ status, reason: '', message: 'no' });
  });
  assert.equal(await mayWatch('shop'), false);
  assert.equal(forbidden(), 1);
  status = 0;
  await assert.rejects(mayWatch('bank'), KubeError);
  await assert.rejects(mayWatch('bank'), KubeError);
});
