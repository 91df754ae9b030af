import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as settled } from 'node:timers/promises';
import { ManualClock } from '../../shared/time/manual-clock.ts';
import { Turns } from './turns.ts';
import { type Work, WorkQueue } from './work-queue.ts';

interface Run extends Work {
  readonly key: string;
  readonly end: (error?: unknown) => void;
}

/** A queue whose runs end when the test says so. */
function scene({ slots = 1 } = {}) {
  const clock = new ManualClock();
  const turns = new Turns({ slots, clock });
  const queue = new WorkQueue({ turns, clock });
  const runs: Run[] = [];
  const crashes: string[] = [];
  const process = (signal: AbortSignal) =>
    queue.process({
      handle: (key, work) => {
        const { promise, resolve, reject } = Promise.withResolvers<void>();
        runs.push({ ...work, key, end: (error) => (error === undefined ? resolve() : reject(error)) });
        return promise;
      },
      onCrash: (key, error) => crashes.push(`${key}: ${error}`),
      signal,
    });
  const started = () => runs.map(({ key }) => key);
  return { clock, turns, queue, runs, crashes, process, started };
}

function running(options?: { readonly slots: number }) {
  const stop = new AbortController();
  const all = scene(options);
  return { ...all, stop, ended: all.process(stop.signal) };
}

const now = { namespace: 'shop', because: 'source moved', lane: 'woken' } as const;

test('adding again keeps the earlier time, the better lane and all reasons', async () => {
  const { clock, queue, runs } = running();
  queue.add('web', { namespace: 'shop', because: 'interval', lane: 'resync', afterMs: 600_000 });
  queue.add('web', { namespace: 'shop', because: 'retry', lane: 'retry', afterMs: 1_000 });
  queue.add('web', { namespace: 'shop', because: 'interval', lane: 'resync', afterMs: 2_000 });
  await clock.advance(999);
  assert.equal(runs.length, 0);
  await clock.advance(1);
  assert.deepEqual(runs[0]?.because, ['interval', 'retry']);
  runs[0].end();
  await clock.advance(600_000);
  assert.equal(runs.length, 1);
});

test('reasons are bounded', async () => {
  const { queue, runs } = running();
  for (let index = 0; index < 20; index += 1) queue.add('web', { ...now, because: `reason ${index}` });
  await settled();
  assert.equal(runs[0]?.because.length, 8);
});

test('a key never runs twice at once: what comes meanwhile runs after', async () => {
  const { clock, queue, runs, started } = running({ slots: 4 });
  queue.add('web', now);
  await settled();
  queue.add('web', { ...now, because: 'retry', afterMs: 60_000 });
  queue.add('web', { ...now, because: 'spec changed', lane: 'asked' });
  await clock.advance(5_000);
  assert.deepEqual(started(), ['web']);
  runs[0]?.end();
  await settled();
  assert.deepEqual(started(), ['web', 'web']);
  assert.deepEqual([runs[1]?.because, runs[1]?.waitedMs], [['retry', 'spec changed'], 5_000]);
});

test('a handler may add its own key before its first await', async () => {
  const { clock, turns } = scene();
  const queue = new WorkQueue({ turns, clock });
  let runs = 0;
  const handle = async (key: string) => {
    runs += 1;
    if (runs < 3) queue.add(key, now);
  };
  void queue.process({ handle, onCrash: assert.fail, signal: new AbortController().signal });
  queue.add('web', now);
  await settled();
  assert.equal(runs, 3);
});

test('an entry in line moves up when someone asks', async () => {
  const { queue, runs, started } = running();
  queue.add('busy', now);
  await settled();
  queue.add('first', { ...now, lane: 'resync' });
  queue.add('second', { ...now, lane: 'resync' });
  queue.add('second', { ...now, because: 'requested', lane: 'asked' });
  runs[0]?.end();
  await settled();
  assert.deepEqual(started(), ['busy', 'second']);
  assert.deepEqual(runs[1]?.because, ['source moved', 'requested']);
});

test('a handler that rejects is reported, and its slot is free again', async () => {
  const { queue, runs, crashes, started } = running();
  queue.add('web', now);
  queue.add('db', now);
  await settled();
  runs[0]?.end(new Error('bug'));
  await settled();
  assert.deepEqual(crashes, ['web: Error: bug']);
  assert.deepEqual(started(), ['web', 'db']);
});

test('stopping starts nothing more and waits for what runs; the rest stays for the next to process', async () => {
  const { clock, queue, runs, started, stop, ended, process, turns } = running();
  for (const key of ['a', 'b']) queue.add(key, now);
  queue.add('later', { ...now, afterMs: 10_000 });
  await settled();
  stop.abort();
  queue.add('c', now);
  assert.equal(await Promise.race([ended, settled('still running')]), 'still running');
  runs[0]?.end();
  await ended;
  assert.deepEqual(started(), ['a']);
  assert.deepEqual([turns.stats().busy, turns.stats().waiting, clock.sleeping], [0, 0, 0]);

  void process(new AbortController().signal);
  await clock.advance(10_000);
  for (const index of [1, 2]) {
    runs[index]?.end();
    await settled();
  }
  assert.deepEqual(started(), ['a', 'b', 'c', 'later']);
});

test('granted in the very moment of the stop: nothing starts, nothing is lost', async () => {
  const { queue, started, stop, ended, turns } = running();
  queue.add('web', now);
  stop.abort();
  await ended;
  await settled();
  assert.deepEqual(started(), []);
  assert.deepEqual([turns.stats().busy, queue.stats().depth], [0, 1]);
});

test('two queues share one set of slots', async () => {
  const { clock, turns, queue, runs } = running();
  const other = new WorkQueue({ turns, clock });
  const seen: string[] = [];
  const handle = async (key: string) => void seen.push(key);
  void other.process({ handle, onCrash: assert.fail, signal: new AbortController().signal });
  queue.add('StageSet/shop/web', now);
  await settled();
  other.add('Fleet/shop/all', now);
  await settled();
  assert.deepEqual(seen, []);
  runs[0]?.end();
  await settled();
  assert.deepEqual(seen, ['Fleet/shop/all']);
});

test('the counters tell depth, delays, runs, adds, retries and the oldest wait', async () => {
  const { clock, queue } = running();
  queue.add('running', now);
  await settled();
  queue.add('running', now);
  await clock.advance(100);
  queue.add('waiting', now);
  queue.add('waiting', { ...now, lane: 'retry' });
  queue.add('delayed', { ...now, lane: 'retry', afterMs: 60_000 });
  await clock.advance(400);
  assert.deepEqual(queue.stats(), {
    depth: 1,
    depthByLane: { asked: 0, woken: 1, retry: 0, resync: 0 },
    delayed: 2,
    running: 1,
    oldestWaitMs: 400,
    unfinishedMs: 500,
    longestMs: 500,
    adds: 4,
    retries: 2,
  });
});

test('ten thousand parked runs do not delay the next one', async () => {
  const { queue, turns, runs, started } = running({ slots: 16 });
  const event = Promise.withResolvers<void>();
  for (let index = 0; index < 10_000; index += 1) {
    queue.add(`stuck-${index}`, { ...now, namespace: `tenant-${index % 500}` });
    // Parked at once, so that sixteen slots let all of them through.
    if (index % 16 === 15) {
      await settled();
      for (const run of runs.slice(-16))
        void run.turn.whileParked('readiness', () => event.promise).then(() => run.end());
    }
  }
  assert.deepEqual(turns.stats().parked, new Map([['readiness', 10_000]]));
  assert.equal(queue.stats().running, 10_000);

  queue.add('the next one', now);
  await settled();
  assert.equal(started().at(-1), 'the next one');
  assert.equal(runs.at(-1)?.waitedMs, 0);

  runs.at(-1)?.end();
  event.resolve();
  await settled();
  assert.deepEqual([queue.stats().running, turns.stats().busy], [0, 0]);
});
