import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failureOf, TaskError } from './task-error.ts';

test('a task error tells what it says', () => {
  assert.deepEqual(failureOf(new TaskError('badManifest', '"a.yaml" is wrong')), {
    code: 'badManifest',
    message: '"a.yaml" is wrong',
  });
});

test('of anything else only class and place are told: the message may hold a secret', () => {
  const { code, message } = failureOf(new RangeError('hunter2'));
  assert.equal(code, 'internal');
  assert.match(message, /^unexpected RangeError in a worker at task-error\.test\.ts:\d+:\d+$/);
  assert.deepEqual(failureOf('hunter2'), { code: 'internal', message: 'unexpected string thrown in a worker' });
});
