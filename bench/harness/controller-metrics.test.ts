import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Look, loopDelayMs, nothingYet } from './controller-metrics.ts';

/** Counts as Prometheus has them: each bucket holds all below it. */
function lookWith(upTo1: number, upTo10: number, all: number): Look {
  const loopDelays = [
    { upToMs: 1, count: upTo1 },
    { upToMs: 10, count: upTo10 },
    { upToMs: Number.POSITIVE_INFINITY, count: all },
  ];
  return { ...nothingYet, loopDelays };
}

test('a delay is told of the time between two looks, whatever was before', () => {
  const before = lookWith(0, 0, 1_000);
  assert.equal(loopDelayMs(before, lookWith(50, 100, 1_100), 0.5), 1);
  assert.equal(loopDelayMs(before, lookWith(100, 100, 1_100), 0.99), 0.99);
});

test('within a bucket delays are taken to lie evenly', () => {
  const nothing = lookWith(0, 0, 0);
  assert.equal(loopDelayMs(nothing, lookWith(50, 100, 100), 0.75), 5.5);
});

test('beyond the last bucket nothing is known', () => {
  assert.equal(loopDelayMs(lookWith(0, 0, 0), lookWith(50, 90, 100), 0.99), Number.POSITIVE_INFINITY);
});
