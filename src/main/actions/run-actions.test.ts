import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Action } from '../../shared/api/types.ts';
import { ManualClock } from '../../shared/time/manual-clock.ts';
import { Superseded } from '../outcome/outcome.ts';
import { type Means, runAction, toRun } from './run-actions.ts';
import type { Tries } from './tries.ts';
import type { Verbs } from './verb.ts';

const action: Action = {
  name: 'one',
  retries: 2,
  delete: { target: { apiVersion: 'v1', kind: 'ConfigMap', name: 'a' } },
};

function world(remove: Verbs['delete']) {
  const clock = new ManualClock();
  const recorded: string[] = [];
  const superseding = new AbortController();
  const parked: string[] = [];
  const ledger = {
    keyOf: (name: string) => `key of ${name}`,
    has: (name: string) => recorded.includes(name),
    record: async (name: string) => void recorded.push(name),
  };
  const means = {
    clock,
    ledger,
    verbs: { delete: remove },
    tries: new Map<string, Tries>(),
    sourceOf: () => '',
    superseded: superseding.signal,
    log: { info() {} },
    park: async (waitingFor: string, wait: () => Promise<unknown>) => {
      parked.push(waitingFor);
      return wait();
    },
  } as unknown as Means;
  return { clock, recorded, superseding, parked, means };
}

test('a failed try is repeated after one second, then two, without a slot', async () => {
  const triedAtMs: number[] = [];
  const { clock, recorded, parked, means } = world(async (_, attempt) => {
    triedAtMs.push(clock.elapsedMs());
    assert.equal(attempt.beganMs, clock.elapsedMs());
    if (triedAtMs.length < 3) throw new Error('not yet');
  });
  const done = runAction(action, means);
  await clock.advance(10_000);
  await done;
  assert.deepEqual(triedAtMs, [0, 1_000, 3_000]);
  assert.deepEqual(parked, ['retry', 'retry']);
  assert.deepEqual(recorded, ['one']);
  assert.deepEqual(toRun([action], means.ledger), []);
});

test('the last failure is the action’s, and is not recorded', async () => {
  let tries = 0;
  const { clock, recorded, means } = world(async () => {
    tries += 1;
    throw new Error(`try ${tries}`);
  });
  const done = assert.rejects(runAction(action, means), /try 3/);
  await clock.advance(10_000);
  await done;
  assert.deepEqual(recorded, []);
  assert.equal(means.tries.size, 0);
});

test('something newer ends a pause, and the next run goes on with the tries that are left', async () => {
  const { clock, superseding, means } = world(async () => {
    throw new Error('never');
  });
  const first = assert.rejects(runAction(action, means), Superseded);
  await clock.advance(500);
  superseding.abort(new Superseded('by a commit'));
  await first;
  assert.equal(means.tries.get('key of one')?.failures, 1);
  const second = assert.rejects(runAction(action, { ...means, superseded: new AbortController().signal }), /never/);
  await clock.advance(2_000);
  await second;
});

test('what has taken effect is recorded though something newer has come, and nothing begins after that', async () => {
  let begun = 0;
  const { recorded, superseding, means } = world(async () => {
    begun += 1;
    superseding.abort(new Superseded('by a commit'));
  });
  await runAction(action, means);
  assert.deepEqual(recorded, ['one']);
  await assert.rejects(runAction({ ...action, name: 'two' }, means), Superseded);
  assert.equal(begun, 1);
});

test('a try that a superseded run has begun keeps its beginning', async () => {
  const began: number[] = [];
  const { clock, superseding, means } = world(async (_, { beganMs, signal }) => {
    began.push(beganMs);
    if (began.length === 1) await clock.sleep(60_000, signal);
  });
  const first = assert.rejects(runAction(action, means), Superseded);
  await clock.advance(5_000);
  superseding.abort(new Superseded('by a commit'));
  await first;
  await runAction(action, { ...means, superseded: new AbortController().signal });
  assert.deepEqual(began, [0, 0]);
  assert.equal(means.tries.size, 0);
});
