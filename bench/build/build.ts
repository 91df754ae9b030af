import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openFileMap, packFiles } from '../../src/shared/protocol/file-map.ts';
import { buildKustomization } from '../../src/workers/kustomize/build-kustomization.ts';
import { writeTree } from '../../test/conformance/kustomize/ask-oracle.ts';
import { neverCancelled } from '../../test/support/cancel-flag.ts';
import { kustomizeOracle, oracleBinary } from '../../tools/oracles/oracle-binary.ts';
import type { Bench } from '../harness/bench.ts';
import { mebibytes, milliseconds, quantile, type Row } from '../harness/report.ts';
import { type BenchTree, benchTrees } from './trees.ts';

/** Ours, warm, beside the whole process of the real tool: each tree by turns, in one run. */
export const build: Bench = {
  about: 'kustomize build, ours against the real one',
  async run() {
    const binary = await oracleBinary(kustomizeOracle);
    const figures: Record<string, unknown> = {};
    const rows: Row[] = [];
    for (const tree of benchTrees) {
      const { oursMs, firstMs, theirsMs, rss } = await compare(tree, binary);
      const ratio = theirsMs / oursMs;
      figures[tree.name] = { oursMs, firstMs, theirsMs, ratio, rss };
      const note = `ours ${milliseconds(oursMs)}, first ${milliseconds(firstMs)}, theirs ${milliseconds(theirsMs)}, ${mebibytes(rss)}`;
      rows.push([tree.name, `${ratio.toFixed(1)} ×`, note]);
    }
    return { title: 'kustomize build: how many times faster ours is', rows, figures };
  },
};

async function compare({ files, path }: BenchTree, binary: string) {
  const map = openFileMap(packFiles(new Map(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)]))));
  const options = { order: 'legacy', filesFrom: 'artifact', patches: [], flag: neverCancelled() } as const;
  const ours = Array.from({ length: 6 }, () => timed(() => buildKustomization(map, path, options)));
  const { rss } = process.memoryUsage();
  const dir = await mkdtemp(join(tmpdir(), 'bench-build-'));
  try {
    await writeTree(dir, files);
    const startedMs = performance.now();
    await promisify(execFile)(binary, ['build', join(dir, path)], { maxBuffer: 2 ** 28 });
    const theirsMs = performance.now() - startedMs;
    return { oursMs: quantile(ours.slice(1), 0.5), firstMs: ours[0] ?? Number.NaN, theirsMs, rss };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function timed(work: () => unknown): number {
  const startedMs = performance.now();
  work();
  return performance.now() - startedMs;
}
