// A process of its own for one tree: builds it again and again on one worker thread, and tells how long that took.
import { readFile } from 'node:fs/promises';
import { createPool } from '../../src/main/pool/pool.ts';
import { packFiles } from '../../src/shared/protocol/file-map.ts';
import { quantile } from '../harness/report.ts';
import type { BenchTree } from './trees.ts';

export interface WarmQuestion {
  readonly tree: BenchTree;
}

export interface WarmAnswer {
  readonly firstMs: number;
  readonly warmMs: number;
  /** Of the whole process, from its start. */
  readonly peakBytes: number;
}

/** What a controller gives its workers where memory is plentiful. */
const WORKER_MEMORY_MIB = 512;
const ROUNDS = 6;

const [file = ''] = process.argv.slice(2);
const { tree }: WarmQuestion = JSON.parse(await readFile(file, 'utf8'));
const files = packFiles(new Map(Object.entries(tree.files).map(([path, text]) => [path, Buffer.from(text)])));
const pool = createPool({ workers: 1, workerMemoryMiB: WORKER_MEMORY_MIB });
const allMs: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  const startedMs = performance.now();
  await buildOnce();
  allMs.push(performance.now() - startedMs);
}
await pool.close();
const answer: WarmAnswer = {
  firstMs: allMs[0] ?? Number.NaN,
  warmMs: quantile(allMs.slice(1), 0.5),
  peakBytes: process.resourceUsage().maxRSS * 1_024,
};
process.stdout.write(JSON.stringify(answer));

async function buildOnce(): Promise<void> {
  const { is } = await pool.run(
    'build',
    {
      files,
      stage: { path: tree.path === '' ? './' : tree.path, applyHelmHookResources: true, patches: [] },
      owner: { namespace: 'bench', name: 'bench', stage: 'all' },
      clusterScopedKinds: [],
      namespacedKinds: [],
      variables: [],
      ...(tree.ageIdentity !== undefined && {
        decryption: { entries: new Map([['bench.agekey', tree.ageIdentity]]), unwrapped: [] },
      }),
    },
    new AbortController().signal,
  );
  if (is !== 'built') throw new Error(`the tree is ${is}`);
}
