import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { drawCurve, ticksUpTo } from './curve.ts';
import { readNumbers, withKept } from './numbers.ts';
import { withNumbers } from './page.ts';
import { fewestWorkers, recommend } from './recommend.ts';
import { pagesOf } from './write.ts';

const MIB = 2 ** 20;

test('the tuning page and its curves are what the kept numbers give', async () => {
  for (const [file, text] of Object.entries(await pagesOf(await readNumbers()))) {
    assert.equal(await readFile(join(import.meta.dirname, '..', '..', file), 'utf8'), text, file);
  }
});

test('a page without marks is not guessed at', () => {
  assert.throws(() => withNumbers('# Tuning\n', []), /lacks the marks/);
});

test('a report takes the place of the older one of its title', () => {
  const kept = (title: string, cpus: number) => ({ bench: 'fleet', title, at: '', cpus, figures: {} });
  const numbers = [kept('b', 1), kept('a', 2), kept('b', 3)].reduce<readonly ReturnType<typeof kept>[]>(withKept, []);
  assert.deepEqual(
    numbers.map(({ title, cpus }) => [title, cpus]),
    [
      ['a', 2],
      ['b', 3],
    ],
  );
});

test('memory is the higher peak with room, shards let all have their turn in two minutes', () => {
  const costs = (mib: number) => ({
    cpuMsPerRun: 0,
    peakBytes: mib * MIB,
    loopDelayP99Ms: 0,
    requests: 0,
    watchEvents: 0,
    watchBytes: 0,
  });
  const sizes = { stageSets: 1, objects: 1, concurrent: 16, wallMs: 0, readyMs: 0 };
  const rows: readonly [rolloutMiB: number, restartMiB: number, allMs: number, ReturnType<typeof recommend>][] = [
    [170, 100, 1_000, { shards: 1, memoryMiB: 256 }],
    [171, 100, 120_000, { shards: 1, memoryMiB: 512 }],
    [300, 600, 120_001, { shards: 2, memoryMiB: 512 }],
  ];
  for (const [rollout, restart, allMs, wanted] of rows) {
    const given = { ...sizes, allMs, rollout: costs(rollout), restart: costs(restart) };
    assert.deepEqual(recommend(given), wanted, JSON.stringify(given));
  }
});

test('the fewest that are as good as the best within a twentieth', () => {
  const workers = [10, 19, 19.9, 20].map((perSecond, i) => ({ workers: i + 1, perSecond }));
  assert.equal(fewestWorkers(workers), 2);
});

test('ticks are round, begin at 0 and reach beyond the largest value', () => {
  assert.deepEqual(ticksUpTo(10_000), [0, 2_000, 4_000, 6_000, 8_000, 10_000]);
  assert.deepEqual(ticksUpTo(1.3), [0, 0.5, 1, 1.5]);
});

test('a curve goes from lower left to upper right, and its texts are escaped', () => {
  const line = {
    name: 'a < b',
    points: [
      [0, 0],
      [10, 5],
    ],
  } as const;
  const svg = drawCurve({ title: '"A" & B', x: 'x', y: 'y', lines: [line] });
  assert.match(svg, /<polyline points="64,264 624,40"\/>/);
  assert.match(svg, /aria-label="&quot;A&quot; &amp; B"/);
  assert.match(svg, />a &lt; b<\/text>/);
});
