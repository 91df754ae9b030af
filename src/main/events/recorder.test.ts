import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StageSet } from '../../shared/api/types.ts';
import { ManualClock } from '../../shared/time/manual-clock.ts';
import type { ClusterClient } from '../kube/types.ts';
import { EventRecorder } from './recorder.ts';

test('the same words are written again for other revisions or another generation, else not within ten minutes', async () => {
  const clock = new ManualClock();
  const notes: string[] = [];
  const client = {
    async send({ body }: { readonly body: string }) {
      notes.push(JSON.parse(body).note);
    },
  } as unknown as ClusterClient;
  const lease = new AbortController().signal;
  const recorder = new EventRecorder({ client, clock, lease, instance: 'test', lost: assert.fail });
  const told = async (generation: number, revision: string) => {
    recorder.record(generationOf(generation), {
      type: 'Normal',
      reason: 'Succeeded',
      note: 'applied',
      revisions: { app: revision },
    });
    await recorder.flush();
    return notes.splice(0).length;
  };
  assert.equal(await told(1, 'a'), 1);
  assert.equal(await told(1, 'a'), 0);
  assert.equal(await told(1, 'b'), 1);
  assert.equal(await told(2, 'b'), 1);
  await clock.advance(10 * 60_000 - 1);
  assert.equal(await told(2, 'b'), 0);
  await clock.advance(1);
  assert.equal(await told(2, 'b'), 1);
});

function generationOf(generation: number): StageSet {
  const metadata = { name: 'shop', namespace: 'shop', uid: 'uid', generation };
  return { apiVersion: 'stages.metio.wtf/v1', kind: 'StageSet', metadata, spec: { stages: [] } };
}
