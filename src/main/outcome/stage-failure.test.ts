import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Operation, StageError } from './outcome.ts';
import { readStageFailure } from './stage-failure.ts';

const operations: Readonly<Record<Operation, true>> = {
  'fetch artifact': true,
  'configure decryption': true,
  build: true,
  apply: true,
  verify: true,
  prune: true,
  'connect to target cluster': true,
  'pre action "warm up"': true,
  'post action "x"': true,
  'migration "to-2"': true,
};

test('what a StageError says can be read back', () => {
  for (const operation of Object.keys(operations) as Operation[]) {
    const { message } = new StageError('app', operation, new Error('a: b'));
    assert.deepEqual(readStageFailure(message), { stage: 'app', operation, detail: 'a: b' });
  }
});

test('any other message is none of these', () => {
  assert.equal(readStageFailure('stage "app": GitRepository "a/b" is not ready'), undefined);
});
