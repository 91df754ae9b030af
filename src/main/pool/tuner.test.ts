import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstTuning, nextTuning, type Sample, type Tuning } from './tuner.ts';

const bounds = { min: 1, start: 2, max: 4 };
const steady = firstTuning(bounds);

const nothing: Sample = { queued: 0, running: 0, cpuShare: 0.02 };

/** All workers are busy, and more tasks wait than run. */
function backlog(limit: number, cpuShare: number): Sample {
  return { queued: limit * 3, running: limit, cpuShare };
}

const trial = (cpuShareBefore: number, warmUpSamples = 0) => ({ cpuShareBefore, warmUpSamples });

interface Case {
  readonly name: string;
  readonly now?: Partial<Tuning>;
  readonly sample: Sample;
  readonly want: Partial<Tuning>;
}

const cases: readonly Case[] = [
  {
    name: 'tasks queue longer than they run and CPU is free: one more, on trial',
    sample: backlog(2, 0.5),
    want: { limit: 3, because: 'queueing', trial: trial(0.5, 1) },
  },
  {
    name: 'they queue, but no longer than they run',
    sample: { queued: 2, running: 2, cpuShare: 0.5 },
    want: { limit: 2, because: 'steady' },
  },
  { name: 'they queue, but the CPU is busy', sample: backlog(2, 0.9), want: { limit: 2, because: 'steady' } },
  { name: 'never past the maximum', now: { limit: 4 }, sample: backlog(4, 0.5), want: { limit: 4, because: 'steady' } },
  {
    name: 'below the CPU quota: up to it at once, and no trial',
    now: { limit: 1 },
    sample: backlog(1, 0.5),
    want: { limit: 2, because: 'queueing', trial: undefined },
  },
  {
    name: 'on trial: the first sample does not count',
    now: { limit: 3, trial: trial(0.5, 1) },
    sample: backlog(3, 0.5),
    want: { limit: 3, because: 'steady', trial: trial(0.5, 0) },
  },
  {
    name: 'on trial: no more work done, so it goes back and rests',
    now: { limit: 3, trial: trial(0.5) },
    sample: backlog(3, 0.53),
    want: { limit: 2, because: 'noGain', trial: undefined, restSamples: 30 },
  },
  {
    name: 'on trial: more work done, and the CPU is full now',
    now: { limit: 3, trial: trial(0.5) },
    sample: backlog(3, 0.9),
    want: { limit: 3, because: 'steady', trial: undefined },
  },
  {
    name: 'on trial: more work done, CPU is still free and tasks still queue: on to the next',
    now: { limit: 3, trial: trial(0.5) },
    sample: backlog(3, 0.7),
    want: { limit: 4, because: 'queueing', trial: trial(0.7, 1) },
  },
  {
    name: 'on trial, but the rush is over: nothing is proven, nothing taken back',
    now: { limit: 3, trial: trial(0.5) },
    sample: { queued: 0, running: 1.2, cpuShare: 0.3 },
    want: { limit: 3, because: 'steady', trial: undefined },
  },
  {
    name: 'while it rests it does not grow',
    now: { restSamples: 2 },
    sample: backlog(2, 0.5),
    want: { limit: 2, because: 'steady', restSamples: 1 },
  },
  {
    name: 'while it rests it still comes back to the CPU quota',
    now: { limit: 1, restSamples: 9 },
    sample: backlog(1, 0.5),
    want: { limit: 2, because: 'queueing', restSamples: 8 },
  },
  {
    name: 'rested: it tries again',
    now: { restSamples: 1 },
    sample: backlog(2, 0.5),
    want: { limit: 3, because: 'queueing' },
  },
  { name: 'idle for a moment: nothing yet', sample: nothing, want: { limit: 2, because: 'steady', idleSamples: 1 } },
  {
    name: 'idle for a while: one less',
    now: { idleSamples: 14 },
    sample: nothing,
    want: { limit: 1, because: 'idle', idleSamples: 0 },
  },
  {
    name: 'never below the minimum',
    now: { limit: 1, idleSamples: 20 },
    sample: nothing,
    want: { limit: 1, because: 'steady' },
  },
  {
    name: 'one less would not have done: the patience begins anew',
    now: { limit: 3, idleSamples: 14 },
    sample: { queued: 0, running: 2.1, cpuShare: 0.6 },
    want: { limit: 3, because: 'steady', idleSamples: 0 },
  },
];

for (const { name, now, sample, want } of cases) {
  test(name, () => {
    const next = nextTuning({ ...steady, ...now }, sample, bounds);
    assert.deepEqual(Object.fromEntries(Object.keys(want).map((key) => [key, next[key as keyof Tuning]])), want);
  });
}

test('a pinned limit never moves', () => {
  const pinned = { min: 3, start: 3, max: 3 };
  for (const sample of [backlog(3, 0.1), nothing]) {
    assert.equal(nextTuning({ ...firstTuning(pinned), idleSamples: 99 }, sample, pinned).limit, 3);
  }
});

/** A machine on which each task in flight up to `useful` uses so much CPU, played for a while. */
function play(samples: number, sampleAt: (limit: number, index: number) => Sample): readonly number[] {
  let tuning = steady;
  return Array.from({ length: samples }, (_, index) => {
    tuning = nextTuning(tuning, sampleAt(tuning.limit, index), bounds);
    return tuning.limit;
  });
}

test('where a third task helps and a fourth does not, it stays at three and tries the fourth now and then', () => {
  const limits = play(200, (limit) => backlog(limit, 0.2 * Math.min(limit, 3)));
  const settled = limits.slice(10);
  const tries = settled.filter((limit) => limit === 4).length;
  assert.ok(settled.every((limit) => limit >= 3));
  assert.ok(tries > 0 && tries < settled.length / 10, `${tries} of ${settled.length} samples at four`);
});

test('after the work is done it comes down to one, and the next rush finds the CPU quota within one sample', () => {
  const limits = play(100, (limit, index) => (index < 10 || index === 99 ? backlog(limit, 0.3) : nothing));
  assert.equal(limits[98], 1);
  assert.equal(limits[99], 2);
});
