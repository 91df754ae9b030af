import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alreadyCancelled, neverCancelled } from '../../../test/support/cancel-flag.ts';
import type { HealthExprs } from '../../shared/kstatus/by-exprs.ts';
import type { Readiness } from '../../shared/kstatus/readiness.ts';
import { JUDGE_MS } from '../../shared/protocol/tasks.ts';
import { judge } from './judge.ts';

const object = {
  apiVersion: 'db.example/v1',
  kind: 'Database',
  metadata: { name: 'main' },
  status: { phase: 'Running', text: `${'a'.repeat(40)}b`, list: Array.from({ length: 100 }, (_, i) => i) },
};

function judged(exprs: HealthExprs): Readiness | undefined {
  return judge({ objects: [object], exprs }, neverCancelled()).readiness[0];
}

/** As a run does with what was not told in time: on a busy machine 50 ms may go by without us. */
function judgedInTheEnd(exprs: HealthExprs): Readiness | undefined {
  return judged(exprs) ?? judged(exprs) ?? judged(exprs);
}

test('each object is judged', () => {
  const other = { ...object, status: { phase: 'Failed' } };
  const exprs = { current: "status.phase == 'Running'", failed: "status.phase == 'Failed'" };
  const { readiness } = judge({ objects: [object, other], exprs }, neverCancelled());
  assert.deepEqual(
    readiness.map((each) => each?.is),
    ['current', 'failed'],
  );
});

const nested = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].reduceRight(
  (inner, name) => `status.list.all(${name}, ${inner})`,
  'h >= 0',
);
test('nested comprehensions end in time, and the next object is judged', () => {
  const startedMs = performance.now();
  assert.equal(judged({ current: nested }), undefined);
  assert.ok(performance.now() - startedMs < 20 * JUDGE_MS); // roomy: other tests run beside
  assert.equal(judged({ current: 'true' })?.is, 'current');
});

test('a regular expression on which JavaScript would hang has its answer', () => {
  assert.equal(judgedInTheEnd({ current: "status.text.matches('^(a+)+$')", inProgress: 'false' })?.is, 'inProgress');
  assert.equal(judgedInTheEnd({ current: "status.text.matches('^(a+)+b$')" })?.is, 'current');
});

test('cancelled, it stops at the next object', () => {
  assert.throws(() => judge({ objects: [object], exprs: { current: 'true' } }, alreadyCancelled()), {
    code: 'cancelled',
  });
});
