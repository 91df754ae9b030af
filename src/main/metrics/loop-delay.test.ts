import assert from 'node:assert/strict';
import { test } from 'node:test';
import { observeLoopDelay } from './loop-delay.ts';

test('work that holds the event loop up shows as the delay of what was due meanwhile', async () => {
  const { promise: first, resolve } = Promise.withResolvers<number>();
  observeLoopDelay(resolve);
  const untilMs = performance.now() + 70;
  while (performance.now() < untilMs);
  const nothingElse = setTimeout(() => resolve(0), 1_000);
  assert.ok((await first) >= 0.04);
  clearTimeout(nothingElse);
});
