import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventRecorder, type StageSetEvent } from '../../src/main/events/recorder.ts';
import { unleased } from '../../src/main/kube/types.ts';
import type { StageSet } from '../../src/shared/api/types.ts';
import { systemClock } from '../../src/shared/time/clock.ts';
import { startKubeScene } from './kube-scene.ts';

interface FoundEvent {
  readonly note: string;
  readonly series?: { readonly count: number };
}

test('the API server takes an event, and the same again as its series', async (t) => {
  const { client, cluster, namespace } = await startKubeScene(t);
  const lost: unknown[] = [];
  const recorder = new EventRecorder({
    client,
    clock: systemClock,
    leaseOf: () => unleased,
    instance: 'test',
    lost: (_event, error) => lost.push(error),
  });
  const event: StageSetEvent = { type: 'Warning', reason: 'StageFailed', note: 'stage "app": it did not work' };
  for (let i = 0; i < 3; i += 1) {
    recorder.record(stageSetIn(namespace), event);
    await recorder.flush();
  }
  assert.deepEqual(lost, []);
  const found = await cluster.api.list<FoundEvent>('events.k8s.io/v1', 'Event', { namespace });
  assert.deepEqual(
    found.map(({ note, series }) => [note, series?.count]),
    [[event.note, 3]],
  );
});

function stageSetIn(namespace: string): StageSet {
  return {
    apiVersion: 'stages.metio.wtf/v1',
    kind: 'StageSet',
    metadata: { namespace, name: 'shop', uid: '8f7c5d1e-0000-4000-8000-000000000000' },
    spec: { stages: [] },
  };
}
