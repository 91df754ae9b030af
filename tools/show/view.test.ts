import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StagePhase, StageSet } from '../../src/shared/api/types.ts';
import type { News } from './news.ts';
import { next, opening, type View } from './view.ts';

test('a stage is timed from its first work to ready, and pruning changes nothing of it', () => {
  const phases: readonly [
    atMs: number,
    phase: StagePhase,
    workingSinceMs: number | undefined,
    tookMs: number | undefined,
  ][] = [
    [1_000, 'Pending', undefined, undefined],
    [2_000, 'Applying', 2_000, undefined],
    [3_000, 'Verifying', 2_000, undefined],
    [5_000, 'Ready', undefined, 3_000],
    [6_000, 'Pruning', undefined, 3_000],
    [7_000, 'Ready', undefined, 3_000],
    [8_000, 'Pending', undefined, undefined],
    [9_000, 'Ready', undefined, undefined],
  ];
  let view = opening([], 0);
  for (const [atMs, phase, workingSinceMs, tookMs] of phases) {
    view = next(view, { is: 'stage set', set: stageSet(phase) }, atMs);
    assert.deepEqual(view.stages, [{ name: 'app', phase, workingSinceMs, tookMs }], `at ${atMs} ms`);
  }
});

test('a stage that the status does not name yet is pending', () => {
  const view = next(opening([], 0), { is: 'stage set', set: stageSet(undefined) }, 0);
  assert.deepEqual(
    view.stages.map(({ phase }) => phase),
    ['Pending'],
  );
});

test('the feed tells phases, objects and events as they change, each once', () => {
  const told: readonly News[] = [
    { is: 'act begun', act: 0 },
    { is: 'deed', text: 'something is done' },
    { is: 'stage set', set: stageSet('Pending') },
    { is: 'stage set', set: stageSet('Verifying', 'waiting for ConfigMap shop/a') },
    { is: 'stage set', set: stageSet('Verifying', 'waiting for ConfigMap shop/a') },
    { is: 'object', object: configMap({ generation: 1 }), gone: false },
    { is: 'object', object: configMap({ generation: 1 }), gone: false },
    { is: 'object', object: configMap({ deletionTimestamp: '2030-01-01T00:00:00Z' }), gone: false },
    { is: 'object', object: configMap({}), gone: true },
    { is: 'stage set', set: stageSet('Failed', 'a long story') },
    { is: 'event', type: 'Warning', reason: 'StageFailed', note: 'a long story' },
    { is: 'proof', text: 'it failed' },
    { is: 'act shown', act: 0 },
  ];
  const view = told.reduce(
    (view: View, news, i) => next(view, news, i),
    next(opening([{ title: 'Try', tells: 'See.' }], 0), published, 0),
  );
  assert.deepEqual(
    view.feed.map(({ tone, text }) => `${tone}: ${text}`),
    [
      'deed: revision 1 is published',
      'title: Try',
      'tale: See.',
      'deed: something is done',
      'rollout: stage app: Verifying, waiting for ConfigMap shop/a',
      'rollout: ConfigMap/a is there',
      'rollout: ConfigMap/a is changing',
      'rollout: ConfigMap/a is gone',
      'rollout: stage app: Failed',
      'warning: StageFailed: a long story',
      'proof: it failed',
    ],
  );
  assert.deepEqual(view.acts[0]?.standing, { is: 'shown', tookMs: 12 });
});

const published: News = {
  is: 'published',
  revision: '1',
  objects: [{ stage: 'app', apiVersion: 'v1', kind: 'ConfigMap', name: 'a' }],
};

function configMap(metadata: object) {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', ...metadata } };
}

function stageSet(phase: StagePhase | undefined, message = ''): StageSet {
  const stages = phase === undefined ? [] : [{ name: 'app', phase, message }];
  return {
    apiVersion: 'stages.metio.wtf/v1',
    kind: 'StageSet',
    metadata: { name: 'shop' },
    spec: { stages: [{ name: 'app', sourceRef: { name: 'manifests' } }] },
    status: { stages },
  };
}
