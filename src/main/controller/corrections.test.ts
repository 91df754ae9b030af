import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../shared/time/manual-clock.ts';
import { Corrections } from './corrections.ts';

const minute = 60_000;

test('the third correction within five minutes loses the fight, and says so once', async () => {
  const clock = new ManualClock();
  const corrections = new Corrections(clock);
  const noted: unknown[] = [];
  for (let i = 0; i < 4; i++) {
    noted.push(corrections.note('a'));
    await clock.advance(minute);
  }
  assert.deepEqual(noted, [undefined, undefined, 'lost', undefined]);
  assert.deepEqual([corrections.isLost('a'), corrections.isLost('b')], [true, false]);
});

test('three that are further apart lose nothing', async () => {
  const clock = new ManualClock();
  const corrections = new Corrections(clock);
  for (let i = 0; i < 4; i++) {
    assert.equal(corrections.note('a'), undefined);
    await clock.advance(3 * minute);
  }
});

test('a lost fight stays lost until a run finds it at rest', async () => {
  const clock = new ManualClock();
  const corrections = new Corrections(clock);
  for (let i = 0; i < 3; i++) corrections.note('a');
  await clock.advance(10 * minute);
  corrections.note('a'); // the interval corrects, and the other comes back
  corrections.allStand(new Set(['a']));
  assert.equal(corrections.isLost('a'), true);
  await clock.advance(10 * minute);
  corrections.allStand(new Set(['a']));
  assert.equal(corrections.isLost('a'), false);
});

test('what is no object of the StageSet any more is forgotten', () => {
  const corrections = new Corrections(new ManualClock());
  for (let i = 0; i < 3; i++) corrections.note('a');
  corrections.allStand(new Set(['b']));
  assert.equal(corrections.isLost('a'), false);
});
