import assert from 'node:assert/strict';
import { test } from 'node:test';
import { doneUnder, isDone, ledgerKeyOf, ledgerWith, recordedName } from './ledger.ts';

const stage = { name: 'app', ledgerRevision: 'r1', ledgerToken: 't1', executedActions: ['one'] };

test('nothing is done under another revision or another token', () => {
  assert.deepEqual(doneUnder({ revision: 'r1', token: 't1' }, stage), ['one']);
  assert.deepEqual(doneUnder({ revision: 'r2', token: 't1' }, stage), []);
  assert.deepEqual(doneUnder({ revision: 'r1', token: 't2' }, stage), []);
  assert.deepEqual(doneUnder({ revision: 'r1', token: undefined }, undefined), []);
});

test('a request whose annotation is gone still counts', () => {
  assert.deepEqual(ledgerKeyOf(stage, 'r1', undefined), { revision: 'r1', token: 't1' });
  assert.deepEqual(ledgerKeyOf(stage, 'r1', 't2'), { revision: 'r1', token: 't2' });
  assert.deepEqual(ledgerKeyOf(undefined, 'r1', undefined), { revision: 'r1', token: undefined });
});

test('what is recorded reads back as done', () => {
  for (const key of [ledgerKeyOf(stage, 'r2', undefined), ledgerKeyOf(undefined, 'r2', undefined)]) {
    assert.deepEqual(doneUnder(key, { name: 'app', ...ledgerWith(key, ['two']) }), ['two']);
  }
});

test('a name that hooks share is recorded with its hook, and a bare one is done in both', () => {
  const wait = { wait: { duration: '1s' } };
  const actions = {
    pre: [{ name: 'same', ...wait }],
    post: [
      { name: 'same', ...wait },
      { name: 'own', ...wait },
    ],
  };
  assert.equal(recordedName(actions, 'post', 'same'), 'post/same');
  assert.equal(recordedName(actions, 'post', 'own'), 'own');
  assert.equal(isDone(['post/same'], 'pre', 'same'), false);
  assert.equal(isDone(['post/same'], 'post', 'same'), true);
  assert.equal(isDone(['same'], 'pre', 'same'), true);
});
