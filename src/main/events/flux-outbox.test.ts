import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { startNotificationController, type Trouble } from '../../../test/support/notification-controller.ts';
import type { StageSet } from '../../shared/api/types.ts';
import type { Clock } from '../../shared/time/clock.ts';
import { FluxOutbox } from './flux-outbox.ts';
import type { StageSetEvent } from './recorder.ts';

const set: StageSet = {
  apiVersion: 'stages.metio.wtf/v1',
  kind: 'StageSet',
  metadata: { name: 'shop', namespace: 'n', uid: 'u', resourceVersion: '1', generation: 1 },
  spec: { stages: [] },
};
const failed: StageSetEvent = { type: 'Warning', reason: 'StageFailed', note: 'stage "db" failed' };
const succeeded: StageSetEvent = { type: 'Normal', reason: 'Succeeded', note: 'All 2 stages applied' };

/** Time passes only in sleeps, and these are over at once. */
class ImpatientClock implements Clock {
  readonly slept: number[] = [];
  wallMs = () => Date.parse('2030-01-01T00:00:00Z') + this.elapsedMs();
  elapsedMs = () => this.slept.reduce((sum, ms) => sum + ms, 0);
  sleep = async (ms: number) => {
    this.slept.push(ms);
  };
}

async function scene(t: TestContext, ...troubles: readonly Trouble[]) {
  const receiver = await startNotificationController(t);
  receiver.trouble(...troubles);
  const clock = new ImpatientClock();
  const ends: string[] = [];
  const allEnded = Promise.withResolvers<void>();
  let posted = 0;
  const outbox = new FluxOutbox({
    address: receiver.origin,
    clock,
    instance: 'pod-1',
    ended: ({ reason }, end, because) => {
      ends.push(because instanceof Error ? `${reason} ${end}: ${because.message}` : `${reason} ${end}`);
      if (ends.length === posted) allEnded.resolve();
    },
  });
  t.after(() => outbox.close());
  /** Posts all of these and resolves with what became of them. */
  const post = async (...events: readonly StageSetEvent[]) => {
    posted = events.length;
    for (const event of events) outbox.post(set, event);
    await allEnded.promise;
    return ends;
  };
  return { receiver, clock, outbox, ends, post };
}

test('events are taken, in the order they came', async (t) => {
  const { receiver, post } = await scene(t);
  assert.deepEqual(await post(failed, succeeded), ['StageFailed delivered', 'Succeeded delivered']);
  assert.deepEqual(receiver.violations, []);
  assert.deepEqual(
    receiver.events.map(({ reason, severity }) => [reason, severity]),
    [
      ['StageFailed', 'error'],
      ['Succeeded', 'info'],
    ],
  );
});

test('the same again is not sent while it waits; sent later, 429 ends it', async (t) => {
  const { receiver, post } = await scene(t);
  const ends = await post(failed, failed, succeeded, failed);
  assert.deepEqual(ends, [
    'StageFailed duplicate',
    'StageFailed duplicate',
    'StageFailed delivered',
    'Succeeded delivered',
  ]);
  assert.equal(receiver.requests.length, 2);
});

test('what notification-controller has had is not sent again', async (t) => {
  const { receiver, clock, post } = await scene(t, 429);
  assert.deepEqual(await post(failed), ['StageFailed duplicate']);
  assert.equal(receiver.requests.length, 1);
  assert.deepEqual(clock.slept, []);
});

test('what the server or the network did is tried again, with growing pauses', async (t) => {
  const { receiver, clock, post } = await scene(t, 503, 'hang up', 500, 502);
  assert.deepEqual(await post(failed, succeeded), ['StageFailed delivered', 'Succeeded delivered']);
  assert.equal(receiver.requests.length, 6);
  assert.deepEqual(clock.slept, [1_000, 2_000, 4_000, 8_000]);
});

for (const status of [400, 403, 404, 413, 302, 501]) {
  test(`${status} will not change: the event is dropped at once, and the next one sent`, async (t) => {
    const { receiver, post } = await scene(t, status);
    const ends = await post(failed, succeeded);
    assert.deepEqual(ends, [`StageFailed dropped: answered with status ${status}`, 'Succeeded delivered']);
    assert.equal(receiver.requests.length, 2);
  });
}

test('after five minutes an event is no news', async (t) => {
  const { clock, post } = await scene(t, ...Array<Trouble>(50).fill(503));
  assert.deepEqual(await post(failed), ['StageFailed dropped: answered with status 503']);
  assert.equal(clock.elapsedMs(), 300_000);
  assert.equal(Math.max(...clock.slept), 30_000);
});

test('a thousand wait at most', async (t) => {
  const { outbox, ends } = await scene(t, 'hang');
  for (let i = 0; i < 1_002; i += 1) outbox.post(set, { ...failed, note: `failed ${i}` });
  assert.deepEqual(ends, Array(2).fill('StageFailed dropped: 1000 events wait already'));
});

test('at the end each waiting event is tried once more', async (t) => {
  const { receiver, outbox, ends } = await scene(t, 503);
  outbox.post(set, failed);
  outbox.post(set, succeeded);
  await outbox.close();
  assert.deepEqual(ends, ['StageFailed dropped: answered with status 503', 'Succeeded delivered']);
  assert.equal(receiver.events.length, 1);
});
