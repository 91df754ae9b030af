import { availableParallelism } from 'node:os';
import { createPool } from '../src/main/pool/pool.ts';
import { packFiles } from '../src/shared/protocol/file-map.ts';
import { type BenchTree, benchTrees } from './build/trees.ts';
import type { Bench } from './harness/bench.ts';
import { untilIdle } from './harness/idle.ts';
import { mebibytes, milliseconds, percent } from './harness/report.ts';

const TREE = '200 Deployments';
const WARM_MS = 3_000;
const MEASURED_MS = 6_000;

export const pool: Bench = {
  about: 'builds a second by the number of worker threads',
  async run() {
    const tree = benchTrees.find(({ name }) => name === TREE);
    if (tree === undefined) throw new Error(`no tree is called ${TREE}`);
    const busyBefore = await untilIdle();
    const cpus = availableParallelism();
    const counts = [...new Set([1, 2, 3, 4, cpus, 2 * cpus])].toSorted((a, b) => a - b);
    const measured: {
      readonly workers: number;
      readonly perSecond: number;
      readonly cpuMsEach: number;
      readonly rssBytes: number;
    }[] = [];
    for (const workers of counts) measured.push({ workers, ...(await throughput(tree, workers)) });
    const alone = measured[0]?.perSecond ?? Number.NaN;
    return {
      title: `worker pool: builds of ${TREE} a second, on ${cpus} CPUs`,
      rows: [
        ...measured.map(
          ({ workers, perSecond, cpuMsEach, rssBytes }) =>
            [
              `--workers=${workers}`,
              perSecond.toFixed(1),
              `${(perSecond / alone).toFixed(2)} × one worker, ${milliseconds(cpuMsEach)} of CPU each, ${mebibytes(rssBytes)} for the whole process`,
            ] as const,
        ),
        ['machine busy before', percent(busyBefore), 'with something else'],
      ],
      figures: { tree: TREE, cpus, byWorkers: measured, busyBefore },
    };
  },
};

/** Always one build more than there are workers is asked for, so that none is idle. */
async function throughput({ files, path }: BenchTree, workers: number) {
  const pool = createPool({ workers, workerMemoryMiB: 512 });
  const contents = new Map(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)]));
  let done = 0;
  const ends = performance.now() + WARM_MS + MEASURED_MS;
  const buildOn = async () => {
    while (performance.now() < ends) {
      const { is } = await pool.run(
        'build',
        {
          files: packFiles(contents),
          stage: { path, applyHelmHookResources: true, patches: [] },
          owner: { namespace: 'bench', name: 'bench', stage: 'all' },
          clusterScopedKinds: [],
          namespacedKinds: [],
          variables: [],
        },
        new AbortController().signal,
      );
      if (is !== 'built') throw new Error(`the tree is ${is}`);
      done += 1;
    }
  };
  try {
    const building = Promise.all(Array.from({ length: workers + 1 }, buildOn));
    await new Promise((resolve) => setTimeout(resolve, WARM_MS));
    const [before, sinceMs, cpuBefore] = [done, performance.now(), process.cpuUsage()];
    await building;
    const { user, system } = process.cpuUsage(cpuBefore);
    const perSecond = ((done - before) * 1_000) / (performance.now() - sinceMs);
    return { perSecond, cpuMsEach: (user + system) / 1_000 / (done - before), rssBytes: process.memoryUsage.rss() };
  } finally {
    await pool.close();
  }
}
