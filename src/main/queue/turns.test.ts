import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as settled } from 'node:timers/promises';
import { ManualClock } from '../../shared/time/manual-clock.ts';
import type { Lane } from './lane.ts';
import type { Turn } from './turn.ts';
import { type TurnRequest, Turns } from './turns.ts';

/** One slot, taken; then a line of requests named `<lane> <namespace> <anything>`. */
async function scene(...line: readonly string[]) {
  const clock = new ManualClock();
  const turns = new Turns({ slots: 1, clock });
  const stop = new AbortController();
  const first = await turns.take({ lane: 'resync', namespace: 'first', signal: stop.signal });
  const served: string[] = [];
  const requests = new Map<string, TurnRequest>();
  let holder: Turn = first;
  const join = (name: string, signal = stop.signal) => {
    const [lane, namespace] = name.split(' ') as [Lane, string];
    const request = turns.request({ lane, namespace, signal });
    requests.set(name, request);
    request.granted.then(
      (turn) => {
        served.push(name);
        holder = turn;
      },
      (error) => served.push(`${name}: ${error}`),
    );
  };
  const serveAll = async () => {
    while (turns.stats().busy > 0) {
      holder.release();
      await settled();
    }
    return served;
  };
  for (const name of line) join(name);
  return { clock, turns, stop, first, served, requests, join, serveAll };
}

test('the best lane goes first, and inside it namespaces take turns', async () => {
  const { serveAll } = await scene('resync a', 'retry a', 'woken a', 'asked a 1', 'asked a 2', 'asked b');
  assert.deepEqual(await serveAll(), ['asked a 1', 'asked b', 'asked a 2', 'woken a', 'retry a', 'resync a']);
});

test('every eighth grant goes to the oldest, so that no lane starves', async () => {
  const urgent = Array.from({ length: 20 }, (_, index) => `asked a ${index}`);
  const { serveAll } = await scene('resync a', 'retry a', ...urgent);
  const served = await serveAll();
  // The first grant went to the holder of the slot.
  assert.equal(served.indexOf('resync a'), 6);
  assert.equal(served.indexOf('retry a'), 14);
});

test('a request can move up, never down, and not once it is granted', async () => {
  const { requests, serveAll } = await scene('woken a', 'resync a', 'resync b');
  requests.get('resync b')!.upgrade('asked');
  requests.get('woken a')!.upgrade('resync');
  assert.deepEqual(await serveAll(), ['resync b', 'woken a', 'resync a']);
  requests.get('resync a')!.upgrade('asked');
});

test('an aborted request leaves the line with the reason and takes no slot', async () => {
  const { turns, served, join, serveAll } = await scene('woken a');
  const superseded = new AbortController();
  join('asked a', superseded.signal);
  join('asked b', superseded.signal);
  superseded.abort('superseded');
  join('asked c', superseded.signal);
  await settled();
  assert.deepEqual(
    served,
    ['asked a', 'asked b', 'asked c'].map((name) => `${name}: superseded`),
  );
  assert.equal(turns.stats().waiting, 1);
  assert.deepEqual((await serveAll()).slice(3), ['woken a']);
});

test('a parked turn lends its slot and comes back in lane woken', async () => {
  const { clock, turns, first, served, join } = await scene('woken a');
  const event = Promise.withResolvers<string>();
  const back = first.whileParked('readiness', () => event.promise);
  await settled();
  assert.deepEqual(served, ['woken a']);
  assert.deepEqual(turns.stats().parked, new Map([['readiness', 1]]));

  join('retry a');
  await clock.advance(500);
  event.resolve('ready');
  await settled();
  assert.deepEqual(turns.stats().parked, new Map());
  assert.deepEqual([turns.stats().busy, turns.stats().waiting], [1, 2]);
  await clock.advance(250);
  assert.equal(turns.stats().oldestWaitMs, 750);
  assert.deepEqual(served, ['woken a']);
  assert.equal(await Promise.race([back, 'not yet']), 'not yet');
});

test('a wait that fails still comes back with a slot, and knows how long it was away', async () => {
  const { clock, turns, first } = await scene();
  const timeout = new Error('timed out');
  const parked = first.whileParked('readiness', () => clock.sleep(300).then(() => Promise.reject(timeout)));
  const refused = assert.rejects(parked, timeout);
  await clock.advance(200);
  assert.equal(first.parkedMs, 200, 'so far');
  await clock.advance(100);
  await refused;
  assert.equal(first.parkedMs, 300);
  assert.equal(turns.stats().busy, 1);
  first.release();
  first.release();
  assert.equal(turns.stats().busy, 0);
});

test('a park inside a park changes nothing', async () => {
  const { turns, first } = await scene();
  const seen = await first.whileParked('readiness', () =>
    first.whileParked('download', async () => [turns.stats().busy, ...turns.stats().parked.keys()]),
  );
  assert.deepEqual(seen, [0, 'readiness']);
  assert.equal(turns.stats().busy, 1);
});

test('once the signal has aborted nobody comes back from a park', async () => {
  const { turns, stop, first } = await scene();
  const event = Promise.withResolvers<void>();
  const back = first.whileParked('readiness', () => event.promise);
  stop.abort(new Error('lease lost'));
  event.resolve();
  await assert.rejects(back, /lease lost/);
  first.release();
  assert.equal(turns.stats().busy, 0);
});

test('a turn released while it stands in line again passes its slot on', async () => {
  const { first, serveAll, served } = await scene('woken a', 'woken b');
  void first.whileParked('readiness', async () => undefined);
  await settled();
  assert.deepEqual(served, ['woken a']);
  first.release();
  assert.deepEqual(await serveAll(), ['woken a', 'woken b']);
});

test('a wait that ends in time keeps its slot, and one that does not gives it back', async () => {
  const { turns, first, join, served, clock } = await scene();
  join('asked a');
  assert.equal(await first.whileParked('build', async () => 'built', 100), 'built');
  void first.whileParked('build', () => clock.sleep(300), 100);
  await clock.advance(99);
  assert.deepEqual(served, []);
  await clock.advance(1);
  assert.deepEqual(served, ['asked a']);
  assert.equal(turns.stats().parked.get('build'), 1);
});

test('a turn that is released during a short wait gives its slot back once', async () => {
  const { turns, first, clock } = await scene();
  const back = first.whileParked('build', () => clock.sleep(300), 100);
  first.release();
  await clock.advance(300);
  await back;
  assert.equal(turns.stats().busy, 0);
});
