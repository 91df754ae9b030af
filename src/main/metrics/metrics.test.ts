import assert from 'node:assert/strict';
import { test } from 'node:test';
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
  metrics.watchBudget(budget);
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
