import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextStep, startOfWatch, type WatchEvent, type WatchState } from './watch-step.ts';

const MIDDLE = 0.5;

/** The state after these events, and how long it waited for each. */
function play(from: WatchState, ...events: readonly WatchEvent[]) {
  let state = from;
  const waits = events.map((event) => {
    const step = nextStep(state, event, MIDDLE);
    state = step.state;
    return step.waitMs;
  });
  return { state, waits };
}

const watching: WatchState = { at: 'watching', how: 'stream', failures: 0, version: '7' };

test('a watch lists, then follows the versions', () => {
  const { state, waits } = play(
    startOfWatch,
    { type: 'listed', version: '5' },
    { type: 'progressed', version: '6' },
    { type: 'progressed', version: '7' },
  );
  assert.deepEqual(state, watching);
  assert.deepEqual(waits, [0, 0, 0]);
});

test('a stream that the server ends is resumed at once from where it was', () => {
  assert.deepEqual(play(watching, { type: 'closed', afterMs: 300_000 }), { state: watching, waits: [0] });
});

test('one that ends right away, again and again, is not', () => {
  const short: WatchEvent = { type: 'closed', afterMs: 3 };
  assert.deepEqual(play(watching, short, short, short).waits, [500, 1_000, 2_000]);
});

test('a cut stream is resumed with patience, up to half a minute, and the version is kept', () => {
  const cuts = Array.from({ length: 9 }, (): WatchEvent => ({ type: 'cut' }));
  const { state, waits } = play(watching, ...cuts);
  assert.deepEqual(waits, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  assert.deepEqual(state, { ...watching, failures: 9 });
  assert.equal(play(state, { type: 'progressed', version: '8' }).state.failures, 0);
});

test('many that were cut together do not come back together', () => {
  assert.equal(nextStep(watching, { type: 'cut' }, 0).waitMs, 250);
  assert.equal(nextStep(watching, { type: 'cut' }, 1).waitMs, 750);
});

test('a server that says when to come back is heeded', () => {
  assert.deepEqual(play(watching, { type: 'cut', waitAtLeastMs: 5_000 }).waits, [5_000]);
});

test('a version that expired: list at once, but not for ever', () => {
  const first = play(watching, { type: 'gone' });
  assert.deepEqual([first.state.at, first.waits], ['listing', [0]]);
  const listThenGone: readonly WatchEvent[] = [{ type: 'listed', version: '9' }, { type: 'gone' }];
  assert.deepEqual(play(first.state, ...listThenGone, ...listThenGone).waits, [0, 1_000, 0, 2_000]);
});

test('a server that lags behind us is given time; a cluster that went back is listed', () => {
  const ahead: WatchEvent = { type: 'ahead' };
  assert.equal(play(watching, ahead, ahead, ahead).state.at, 'watching');
  assert.equal(play(watching, ahead, ahead, ahead, ahead).state.at, 'listing');
});

test('without streaming lists it pages, for good', () => {
  const { state } = play(startOfWatch, { type: 'unsupported' }, { type: 'listed', version: '5' }, { type: 'gone' });
  assert.deepEqual([state.at, state.how], ['listing', 'pages']);
});

test('what is refused is asked for again slowly', () => {
  assert.deepEqual(play(watching, { type: 'refused' }), { state: watching, waits: [30_000] });
});
