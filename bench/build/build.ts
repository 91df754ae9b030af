import type { Bench } from '../harness/bench.ts';
import { mebibytes, milliseconds, type Row } from '../harness/report.ts';
import { measureMonorepo } from './monorepo.ts';
import { ourProgram, oursWarm, realTool } from './sides.ts';
import { type BenchTree, benchTrees, encryptedTree } from './trees.ts';

/** Ours, warm, and our program beside the whole process of the real tool: each tree by turns, in one run. */
export const build: Bench = {
  about: 'builds, ours against the real kustomize and sops; a monorepo of which one app has changed',
  async run() {
    const figures: Record<string, unknown> = {};
    const rows: Row[] = [];
    for (const tree of [...benchTrees, await encryptedTree()]) {
      const measured = await measure(tree);
      figures[tree.name] = measured;
      rows.push(rowOf(tree.name, measured));
    }
    const monorepo = await measureMonorepo();
    figures.monorepo = monorepo;
    const { hits, apps, firstMs, secondMs } = monorepo;
    rows.push([
      `${apps} apps, one changed`,
      `${(firstMs / secondMs).toFixed(1)} ×`,
      `${hits} hits; all ${milliseconds(firstMs)}, after the change ${milliseconds(secondMs)}`,
    ]);
    return {
      title: 'builds: how many times faster ours is than the real tool, or than building all again',
      rows,
      figures,
    };
  },
};

interface Measured {
  readonly warmMs: number;
  readonly firstMs: number;
  readonly peakBytes: number;
  readonly programMs: number;
  readonly theirsMs: number | undefined;
}

async function measure(tree: BenchTree): Promise<Measured> {
  const warm = await oursWarm(tree);
  const programMs = await ourProgram(tree);
  return { ...warm, programMs, theirsMs: tree.oursOnly === true ? undefined : await realTool(tree) };
}

function rowOf(name: string, { warmMs, firstMs, peakBytes, programMs, theirsMs }: Measured): Row {
  const ours = `warm ${milliseconds(warmMs)}, first ${milliseconds(firstMs)}, stagesetctl ${milliseconds(programMs)}`;
  if (theirsMs === undefined) return [name, '', `${ours}, peak ${mebibytes(peakBytes)}`];
  const byProgram = `${(theirsMs / programMs).toFixed(1)} ×`;
  return [
    name,
    `${(theirsMs / warmMs).toFixed(1)} ×`,
    `${ours} (${byProgram}), theirs ${milliseconds(theirsMs)}, peak ${mebibytes(peakBytes)}`,
  ];
}
