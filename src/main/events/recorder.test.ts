import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StageSet } from '../../shared/api/types.ts';
import { ManualClock } from '../../shared/time/manual-clock.ts';
import { type ClusterClient, type KubeRequest, unleased } from '../kube/types.ts';
import { EventRecorder, type StageSetEvent } from './recorder.ts';

const set: StageSet = {
  apiVersion: 'stages.metio.wtf/v1',
  kind: 'StageSet',
  metadata: { name: 'shop', namespace: 'n', uid: 'u' },
  spec: { stages: [] },
};
const drift: StageSetEvent = { type: 'Warning', reason: 'DriftCorrected', note: 'a' };

function scene(fails = false) {
  const sent: { readonly method: string; readonly body: Record<string, unknown> }[] = [];
  const lost: string[] = [];
  const clock = new ManualClock();
  const client = {
    send: async ({ method, body }: KubeRequest) => {
      if (fails) throw new Error('no rights');
      sent.push({ method, body: JSON.parse(String(body)) });
      return { status: 201, warnings: [], body: {} };
    },
  } as unknown as ClusterClient;
  const recorder = new EventRecorder({
    client,
    clock,
    leaseOf: () => unleased,
    instance: 'here',
    lost: ({ reason }) => lost.push(reason),
  });
  return { sent, lost, clock, recorder };
}

test('an event is written, the same again counts on it', async () => {
  const { sent, recorder } = scene();
  recorder.record(set, drift);
  await recorder.flush();
  recorder.record(set, drift);
  recorder.record(set, drift);
  await recorder.flush();
  assert.deepEqual(
    sent.map(({ method }) => method),
    ['POST', 'PATCH'],
  );
  assert.deepEqual((sent[1]!.body.series as { count: number }).count, 3);
});

test('after ten minutes, with another note or for another StageSet it is a new event', async () => {
  const { sent, clock, recorder } = scene();
  recorder.record(set, drift);
  recorder.record(set, { ...drift, note: 'b' });
  recorder.record({ ...set, metadata: { ...set.metadata, uid: 'v' } }, drift);
  await recorder.flush();
  await clock.advance(10 * 60_000);
  recorder.record(set, drift);
  await recorder.flush();
  assert.deepEqual(
    sent.map(({ method }) => method),
    ['POST', 'POST', 'POST', 'POST'],
  );
});

test('the same at another time is a new event where that is news', async () => {
  const { sent, recorder } = scene();
  for (const occasion of [1, 2]) recorder.record(set, { ...drift, occasion });
  await recorder.flush();
  assert.deepEqual(
    sent.map(({ method }) => method),
    ['POST', 'POST'],
  );
});

test('a long note is cut to what the API server takes', async () => {
  const { sent, recorder } = scene();
  recorder.record(set, { ...drift, note: 'x'.repeat(3_000) });
  await recorder.flush();
  assert.equal(String(sent[0]!.body.note).length, 1_024);
});

test('an event that cannot be written is lost, and said to be', async () => {
  const { lost, recorder } = scene(true);
  recorder.record(set, drift);
  await recorder.flush();
  assert.deepEqual(lost, ['DriftCorrected']);
});
