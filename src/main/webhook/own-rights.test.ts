import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failure, scriptedCluster } from '../../../test/support/scripted-cluster.ts';
import { ManualClock } from '../../shared/time/manual-clock.ts';
import type { KubeError } from '../kube/errors.ts';
import type { WatchScope } from '../kube/watch-scope.ts';
import { OwnRights } from './own-rights.ts';

const yes = { status: { allowed: true } };
const no = { status: { allowed: false } };

function scene(scope: WatchScope, answers: readonly (object | KubeError)[]) {
  const { target, asked } = scriptedCluster(answers);
  const clock = new ManualClock();
  const rights = new OwnRights({ client: target.cluster.client, scope, clock });
  const askedIn = () => asked.map(({ body }) => JSON.parse(String(body)).spec.resourceAttributes.namespace);
  return { rights, clock, askedIn };
}

test('one answer goes for all namespaces, for ten minutes', async () => {
  const { rights, clock, askedIn } = scene([], [yes, no]);
  assert.deepEqual([await rights.mayApplyIn('a'), await rights.mayApplyIn('b')], [true, true]);
  assert.deepEqual(askedIn(), ['']);
  await clock.advance(10 * 60_000);
  assert.equal(await rights.mayApplyIn('a'), false);
});

test('a controller for some namespaces asks for each of them, and for no other', async () => {
  const { rights, askedIn } = scene(['a', 'b'], [yes, no]);
  assert.deepEqual([await rights.mayApplyIn('a'), await rights.mayApplyIn('b')], [true, false]);
  assert.equal(await rights.mayApplyIn('c'), undefined);
  assert.deepEqual(askedIn(), ['a', 'b']);
});

test('without an answer nothing is known, and it asks again', async () => {
  const { rights } = scene([], [failure(500), yes]);
  assert.deepEqual([await rights.mayApplyIn('a'), await rights.mayApplyIn('a')], [undefined, true]);
});
