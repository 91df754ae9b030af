import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StageSet } from '../../shared/api/types.ts';
import { ManualClock } from '../../shared/time/manual-clock.ts';
import { KubeError, LeaseLost } from '../kube/errors.ts';
import { Metrics } from '../metrics/metrics.ts';
import { Turns } from '../queue/turns.ts';
import { WorkQueue } from '../queue/work-queue.ts';
import { Controller } from './controller.ts';
import type { StageSetIndex } from './stage-sets.ts';
import type { World } from './world.ts';

const set: StageSet = {
  apiVersion: 'stages.metio.wtf/v1',
  kind: 'StageSet',
  metadata: { namespace: 'n', name: 'shop', uid: 'u' },
  spec: { stages: [{ name: 'app', sourceRef: { name: 'app' } }] },
};

const causes = {
  bug: new TypeError('undefined is not a function'),
  server: new KubeError({ status: 0, reason: 'Network', message: 'cannot reach it' }),
  lease: new LeaseLost('the lease has lapsed'),
};

const wanted = {
  bug: ['error', 1, 1],
  server: ['error', 1, 0],
  lease: ['requeue', 0, 0],
} as const;

for (const [what, [result, errors, panics]] of Object.entries(wanted)) {
  test(`a run cut short by a ${what} counts as ${result}, as ${panics} panics`, async () => {
    const { metrics, endsWith } = scene();
    await endsWith(causes[what as keyof typeof causes]);
    const text = await metrics.registry.metrics();
    const lines = [
      `controller_runtime_reconcile_total{controller="stageset",result="${result}"} 1`,
      `controller_runtime_reconcile_errors_total{controller="stageset"} ${errors}`,
      `controller_runtime_reconcile_panics_total{controller="stageset"} ${panics}`,
    ];
    for (const line of lines) assert.ok(text.includes(`${line}\n`), line);
  });
}

/** A controller whose first step, the finalizer, ends as it is told. */
function scene() {
  const clock = new ManualClock();
  const metrics = new Metrics();
  const log = { with: () => log, debug() {}, info() {}, warn() {}, error() {} };
  const stop = new AbortController();
  const endsWith = async (cause: Error) => {
    const world = {
      clock,
      log,
      metrics,
      settings: { defaultIntervalMs: 1_000 },
      sets: { get: () => set },
      leadership: { leaseOf: () => ({ signal: stop.signal, throwIfEnded() {} }) },
      cluster: { client: { send: () => Promise.reject(cause) } },
    };
    const turns = new Turns({ slots: 1, clock });
    const queue = new WorkQueue({ turns, clock });
    const index = { keyOf: () => 'n/shop' };
    const controller = new Controller(world as unknown as World, queue, index as unknown as StageSetIndex);
    const processing = controller.process(stop.signal);
    queue.add('n/shop', { namespace: 'n', because: 'test', lane: 'asked' });
    while (turns.stats().busy === 0) await new Promise(setImmediate);
    while (turns.stats().busy > 0) await new Promise(setImmediate);
    stop.abort();
    await processing;
  };
  return { metrics, endsWith };
}
