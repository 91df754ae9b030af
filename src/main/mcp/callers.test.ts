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
  return { clock, asked, callers: new Callers({ client: { send } as unknown as ClusterClient, clock }) };
}

const ada = { username: 'ada', uid: '1', groups: ['ops'], extra: { scopes: ['all'] } };

test('a token is asked about once and shortly remembered, whether it is somebody’s or nobody’s', async () => {
  const { clock, asked, callers } = scene((token) => ({ authenticated: token === 'good', user: ada }));
  assert.deepEqual(await Promise.all([callers.whoHas('good'), callers.whoHas('good')]), [ada, ada]);
  assert.equal(await callers.whoHas('bad'), undefined);
  assert.deepEqual([await callers.whoHas('good'), await callers.whoHas('bad')], [ada, undefined]);
  assert.deepEqual(asked, ['good', 'bad']);
  await clock.advance(10_000);
  await callers.whoHas('good');
  assert.deepEqual(asked, ['good', 'bad', 'good']);
});

test('a user without a name is nobody', async () => {
  const { callers } = scene(() => ({ authenticated: true, user: { groups: ['system:masters'] } }));
  assert.equal(await callers.whoHas('odd'), undefined);
});

test('of a flood of tokens most are turned away', async () => {
  const held = Promise.withResolvers<void>();
  const { asked, callers } = scene(() => held.promise);
  const flood = Array.from({ length: 20 }, (_, i) => callers.whoHas(`token-${i}`));
  held.resolve();
  const ends = await Promise.allSettled(flood);
  assert.equal(asked.length, 4);
  assert.equal(ends.filter((end) => end.status === 'rejected' && end.reason instanceof Refused).length, 16);
  assert.equal(await callers.whoHas('later'), undefined);
});

test('a controller that may not ask says which right it wants; what else goes wrong is not remembered', async () => {
  let answer = new KubeError({ status: 403, reason: 'Forbidden', message: 'no' });
  const { callers } = scene(() => Promise.reject(answer));
  await assert.rejects(callers.whoHas('t'), /grant it create of tokenreviews/);
  answer = new KubeError({ status: 500, reason: 'InternalError', message: 'oh' });
  await assert.rejects(callers.whoHas('t'), answer);
});
