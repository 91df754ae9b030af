import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Registry } from 'prom-client';
import { ManualClock } from '../../shared/time/manual-clock.ts';
import { Turns } from '../queue/turns.ts';
import { WorkQueue } from '../queue/work-queue.ts';
import { ControllerRuntimeMetrics } from './controller-runtime.ts';

function scene() {
  const registry = new Registry();
  const metrics = new ControllerRuntimeMetrics(registry);
  const values = async (name: string) => (await registry.metrics()).split('\n').filter((line) => line.startsWith(name));
  return { metrics, values };
}

test('results are there from the start, and failures count twice', async () => {
  const { metrics, values } = scene();
  metrics.ended('error', 1_000);
  metrics.ended('requeue_after', 4_000);
  assert.deepEqual(await values('controller_runtime_reconcile_total'), [
    'controller_runtime_reconcile_total{controller="stageset",result="success"} 0',
    'controller_runtime_reconcile_total{controller="stageset",result="error"} 1',
    'controller_runtime_reconcile_total{controller="stageset",result="requeue"} 0',
    'controller_runtime_reconcile_total{controller="stageset",result="requeue_after"} 1',
  ]);
  assert.deepEqual(await values('controller_runtime_reconcile_errors_total'), [
    'controller_runtime_reconcile_errors_total{controller="stageset"} 1',
  ]);
  assert.deepEqual(await values('controller_runtime_reconcile_time_seconds_sum'), [
    'controller_runtime_reconcile_time_seconds_sum{controller="stageset"} 5',
  ]);
});

test('what is read when somebody looks is read anew each time', async () => {
  const { metrics, values } = scene();
  const clock = new ManualClock();
  const turns = new Turns({ slots: 7, clock });
  const queue = new WorkQueue({ turns, clock });
  metrics.watch(queue, turns, 7);
  const wish = { namespace: 'n', because: 'retry', lane: 'retry' } as const;
  for (const key of ['a', 'b']) {
    queue.add(key, wish);
    await values('workqueue');
  }
  const labels = '{name="stageset",controller="stageset"}';
  assert.deepEqual(await values('workqueue_depth'), [`workqueue_depth${labels} 2`]);
  assert.deepEqual(await values('workqueue_adds_total'), [`workqueue_adds_total${labels} 2`]);
  assert.deepEqual(await values('workqueue_retries_total'), [`workqueue_retries_total${labels} 2`]);
  assert.deepEqual(await values('controller_runtime_max_concurrent_reconciles'), [
    'controller_runtime_max_concurrent_reconciles{controller="stageset"} 7',
  ]);
});
