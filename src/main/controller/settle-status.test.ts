import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StageSetStatus } from '../../shared/api/types.ts';
import { ManualClock } from '../../shared/time/manual-clock.ts';
import { KubeError, LeaseLost } from '../kube/errors.ts';
import { settleStatus } from './settle-status.ts';
import type { Run } from './world.ts';

const away = new KubeError({ status: 503, reason: '', message: 'away' });

function world(answers: readonly (Error | undefined)[]) {
  const clock = new ManualClock();
  const lease = new AbortController();
  const left = [...answers];
  let wanted: StageSetStatus = {};
  const run = {
    status: {
      async settle(change: (status: StageSetStatus) => StageSetStatus) {
        wanted = change(wanted);
        const error = left.shift();
        if (error !== undefined) throw error;
      },
    },
    turn: { whileParked: (_: string, wait: () => Promise<unknown>) => wait() },
    world: { clock },
    lease: { signal: lease.signal },
    log: { warn() {} },
  } as unknown as Run;
  return { clock, lease, run, wanted: () => wanted };
}

const count = (status: StageSetStatus): StageSetStatus => ({
  ...status,
  version: `${Number(status.version ?? 0) + 1}`,
});

test('a server that is away is asked until it has it, and the change is made once', async () => {
  const { clock, run, wanted } = world([away, away, away, undefined]);
  const settled = settleStatus(run, count);
  await clock.advance(1_000 + 2_000 + 4_000);
  await settled;
  assert.equal(wanted().version, '1');
});

test('a refusal is final', async () => {
  const { run } = world([new KubeError({ status: 403, reason: 'Forbidden', message: 'no' })]);
  await assert.rejects(settleStatus(run, count), /no/);
});

test('the end of our leave ends it', async () => {
  const { clock, lease, run } = world([away]);
  const settled = assert.rejects(settleStatus(run, count), LeaseLost);
  await clock.advance(500);
  lease.abort(new LeaseLost('lost'));
  await settled;
});
