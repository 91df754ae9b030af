import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../shared/time/manual-clock.ts';
import { Corrections } from './corrections.ts';

test('three corrections within five minutes lose the fight, until they have aged', async () => {
  const clock = new ManualClock();
  const corrections = new Corrections(clock);
  for (const wanted of [false, false, true]) {
    corrections.note('a');
    assert.equal(corrections.isLost('a'), wanted);
    await clock.advance(60_000);
  }
  assert.equal(corrections.isLost('b'), false);
  await clock.advance(4 * 60_000);
  assert.equal(corrections.isLost('a'), false);
});

test('what is no object of the StageSet any more is forgotten', () => {
  const corrections = new Corrections(new ManualClock());
  for (let i = 0; i < 3; i++) corrections.note('a');
  corrections.keep(new Set(['b']));
  assert.equal(corrections.isLost('a'), false);
});
