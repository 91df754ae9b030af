import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as settled } from 'node:timers/promises';
import { Turns } from './turns.ts';

const never = new AbortController().signal;

test('first come, first served, never more than the limit', async () => {
  const turns = new Turns(() => 2);
  const served: number[] = [];
  for (let i = 0; i < 100; i += 1) turns.take(never).then(() => served.push(i));
  await settled();
  assert.deepEqual([turns.inFlight, turns.waiting], [2, 98]);
  for (let i = 0; i < 100; i += 1) {
    turns.done();
    await settled();
    assert.ok(turns.inFlight <= 2);
  }
  assert.deepEqual(served, [...Array(100).keys()]);
  assert.deepEqual([turns.inFlight, turns.waiting], [0, 0]);
});

test('who gives up leaves the line and takes nobody else along', async () => {
  const turns = new Turns(() => 1);
  await turns.take(never);
  const impatient = new AbortController();
  const left = turns.take(impatient.signal);
  const stays = turns.take(never);
  impatient.abort(new Error('enough'));
  await assert.rejects(left, /enough/);
  assert.equal(turns.waiting, 1);
  turns.done();
  await stays;
  assert.deepEqual([turns.inFlight, turns.waiting], [1, 0]);
});

test('a turn is not given to one who gave up before asking', async () => {
  const turns = new Turns(() => 1);
  await assert.rejects(turns.take(AbortSignal.abort(new Error('too late'))), /too late/);
  assert.equal(turns.inFlight, 0);
});

test('a limit that falls takes effect as requests end, one that rises lets several go at once', async () => {
  let limit = 4;
  const turns = new Turns(() => limit);
  for (let i = 0; i < 10; i += 1) turns.take(never);
  limit = 2;
  turns.done();
  turns.done();
  await settled();
  assert.equal(turns.inFlight, 2);
  limit = 5;
  turns.done();
  await settled();
  assert.deepEqual([turns.inFlight, turns.waiting], [5, 2]);
});
