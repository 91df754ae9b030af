import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../shared/time/manual-clock.ts';
import { KubeError } from '../kube/errors.ts';
import type { ClusterClient, KubeRequest } from '../kube/types.ts';
import { Callers } from './callers.ts';
import { Refused } from './refused.ts';

function scene(answer: (token: string) => unknown) {
  const clock = new ManualClock();
  const asked: string[] = [];
  const send = async ({ path, body }: KubeRequest) => {
    assert.equal(path, '/apis/authentication.k8s.io/v1/tokenreviews');
    const { token } = JSON.parse(String(body)).spec;
    asked.push(token);
    return { status: 201, body: { status: await answer(token) }, warnings: [] };
  };
  const callers = new Callers({ client: { send } as unknown as ClusterClient, clock });
  return { clock, asked, whoHas: (token: string, peer = '127.0.0.1') => callers.whoHas({ token, peer }) };
}

const ada = { username: 'ada', uid: '1', groups: ['ops'], extra: { scopes: ['all'] } };

test('a token is asked about once and shortly remembered, whether it is somebody’s or nobody’s', async () => {
  const { clock, asked, whoHas } = scene((token) => ({ authenticated: token === 'good', user: ada }));
  assert.deepEqual(await Promise.all([whoHas('good'), whoHas('good')]), [ada, ada]);
  assert.equal(await whoHas('bad'), undefined);
  assert.deepEqual([await whoHas('good'), await whoHas('bad')], [ada, undefined]);
  assert.deepEqual(asked, ['good', 'bad']);
  await clock.advance(10_000);
  await whoHas('good');
  assert.deepEqual(asked, ['good', 'bad', 'good']);
});

test('a user without a name is nobody', async () => {
  const { whoHas } = scene(() => ({ authenticated: true, user: { groups: ['system:masters'] } }));
  assert.equal(await whoHas('odd'), undefined);
});

test('a flood of made-up tokens is mostly turned away, and keeps nobody else from being known', async () => {
  const held = Promise.withResolvers<void>();
  const { asked, whoHas } = scene((token) => (token === 'good' ? { authenticated: true, user: ada } : held.promise));
  const flood = Array.from({ length: 20 }, (_, i) => whoHas(`token-${i}`, 'flooder'));
  assert.deepEqual(await whoHas('good', 'another'), ada);
  held.resolve();
  const ends = await Promise.allSettled(flood);
  assert.equal(asked.length, 7);
  assert.equal(ends.filter((end) => end.status === 'rejected' && end.reason instanceof Refused).length, 14);
  assert.equal(await whoHas('later', 'flooder'), undefined);
});

test('however many tokens are nobody’s, those of users are remembered', async () => {
  const { asked, whoHas } = scene((token) => ({ authenticated: token === 'good', user: ada }));
  await whoHas('good');
  for (let i = 0; i < 1_001; i += 1) await whoHas(`token-${i}`);
  await whoHas('good');
  await whoHas('token-1000');
  assert.equal(asked.length, 1_002);
});

test('a controller that may not ask says which right it wants; what else goes wrong is not remembered', async () => {
  let answer = new KubeError({ status: 403, reason: 'Forbidden', message: 'no' });
  const { whoHas } = scene(() => Promise.reject(answer));
  await assert.rejects(whoHas('t'), /grant it create of tokenreviews/);
  answer = new KubeError({ status: 500, reason: 'InternalError', message: 'oh' });
  await assert.rejects(whoHas('t'), answer);
});
