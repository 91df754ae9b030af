import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unless } from './interruption.ts';

test('work goes on unless there is a reason to stop', async () => {
  const stop = new AbortController();
  assert.equal(await unless(stop.signal, Promise.resolve('done')), 'done');
  await assert.rejects(unless(stop.signal, Promise.reject(new Error('broken'))), /broken/);
  const endless = unless(stop.signal, new Promise(() => {}));
  stop.abort(new Error('Ctrl-C'));
  await assert.rejects(endless, /Ctrl-C/);
  await assert.rejects(unless(stop.signal, Promise.resolve('too late')), /Ctrl-C/);
});
