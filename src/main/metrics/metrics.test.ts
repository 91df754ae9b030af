import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StageSet } from '../../shared/api/types.ts';
import { createByteBudget } from '../pool/byte-budget.ts';
import type { Decision } from '../pool/keep-tuned.ts';
import { Metrics } from './metrics.ts';

/** The lines of this metric, without its help. */
async function seriesOf(metrics: Metrics, name: string): Promise<readonly string[]> {
  const text = await metrics.registry.metrics();
  return text.split('\n').filter((line) => line.startsWith(name));
}

test('decisions of the tuner count by direction and reason; the CPU share is the last', async () => {
  const metrics = new Metrics();
  const sample = { queued: 3, running: 1, cpuShare: 0.4 };
  const grown: Decision = { limit: 3, direction: 'grow', because: 'queueing', sample };
  const decisions: readonly Decision[] = [
    grown,
    { ...grown, limit: 4 },
    { ...grown, limit: 3, direction: 'shrink', because: 'noGain', sample: { ...sample, cpuShare: 0.5 } },
  ];
  for (const decision of decisions) metrics.poolTuned(decision);
  assert.deepEqual(await seriesOf(metrics, 'stageset_worker_limit_decisions_total'), [
    'stageset_worker_limit_decisions_total{direction="grow",because="queueing"} 2',
    'stageset_worker_limit_decisions_total{direction="shrink",because="noGain"} 1',
  ]);
  assert.deepEqual(await seriesOf(metrics, 'stageset_cpu_share'), ['stageset_cpu_share 0.5']);
});

test('the budget of bytes shows as it is when somebody looks', async () => {
  const metrics = new Metrics();
  const budget = createByteBudget(100);
  metrics.readings.watchBudget(budget);
  const held = await budget.reserve(70);
  const giveUp = new AbortController();
  const waits = budget.reserve(40, giveUp.signal);
  assert.deepEqual(await seriesOf(metrics, 'stageset_memory_'), [
    'stageset_memory_budget_bytes 100',
    'stageset_memory_reserved_bytes 70',
    'stageset_memory_waiting 1',
  ]);
  giveUp.abort(new Error('enough'));
  await assert.rejects(waits, /enough/);
  held.release();
});

test('a stage that goes takes its series along, and a StageSet all of its stages', async () => {
  const metrics = new Metrics();
  const set: StageSet = {
    apiVersion: 'stages.metio.wtf/v1',
    kind: 'StageSet',
    metadata: { namespace: 'n', name: 'shop' },
    spec: { stages: [{ name: 'app', sourceRef: { name: 'app' } }] },
    status: { stages: [{ name: 'app' }, { name: 'gone' }] },
  };
  for (const stage of ['app', 'gone']) metrics.stageApplied(set, stage);
  metrics.stagesReady(set, [{ name: 'app', phase: 'Ready' }]);
  metrics.forgetStage(set, 'gone');
  const left = async () => [
    ...(await seriesOf(metrics, 'stageset_stage_applied_total')),
    ...(await seriesOf(metrics, 'stageset_stage_ready')),
  ];
  assert.deepEqual(await left(), [
    'stageset_stage_applied_total{namespace="n",name="shop",stage="app"} 1',
    'stageset_stage_ready{namespace="n",stageset="shop",stage="app"} 1',
  ]);
  metrics.forget(set);
  assert.deepEqual(await left(), []);
});
