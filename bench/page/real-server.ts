import { count, mebibytes, milliseconds, seconds, table } from './markdown.ts';
import type { Kept, Numbers } from './numbers.ts';

type Figures = Readonly<Record<string, number>>;

/** What is worth knowing of benches against the real API server. */
const tells: Readonly<Record<string, (figures: Figures) => string>> = {
  converge: ({ wallMs = 0, timesBare = 0, cpuMsPerStageSet = 0, peakBytes = 0 }) =>
    `all Ready in ${seconds(wallMs)}, ${timesBare.toFixed(2)} × the same requests sent bare; ${milliseconds(cpuMsPerStageSet)} of CPU a StageSet; peak ${mebibytes(peakBytes)}`,
  rollout: ({ wallMs = 0, timesBare = 0, requestsPerStageSet = 0, peakBytes = 0 }) =>
    `all Ready in ${seconds(wallMs)}, ${timesBare.toFixed(2)} × bare; ${requestsPerStageSet.toFixed(1)} requests a StageSet; peak ${mebibytes(peakBytes)}`,
  steady: ({ requests = 0, runs = 0, cpuMsPerRun = 0, peakBytes = 0 }) =>
    `${count(requests)} requests in ${count(runs)} runs; ${milliseconds(cpuMsPerRun)} of CPU a run; peak ${mebibytes(peakBytes)}`,
  stuck: ({ timesAlone = 0, fixOfOneMs = 0 }) =>
    `healthy ones take ${timesAlone.toFixed(2)} × as long as alone; a fix ends a wait in ${seconds(fixOfOneMs)}`,
  big: ({ wallMs = 0, timesBare = 0, peakBytes = 0, inventoryShards = 0 }) =>
    `Ready in ${seconds(wallMs)}, ${timesBare.toFixed(2)} × bare; peak ${mebibytes(peakBytes)}; ${inventoryShards} inventory shards`,
  gate: ({ busyP99Ms = 0, idleP99Ms = 0 }) =>
    `p99 ${milliseconds(busyP99Ms)} while all workers are busy, ${milliseconds(idleP99Ms)} when idle`,
};

/** None where none was measured. */
export function realServer(numbers: Numbers): readonly string[] {
  const rows = numbers.flatMap((kept) => {
    const told = tells[kept.bench]?.(kept.figures as Figures);
    return told === undefined ? [] : [[kept.title, told, `\`${commandOf(kept)}\``]];
  });
  if (rows.length === 0) return [];
  return ['### Against the real API server', table(['what', 'figures', 'measured by'], rows)];
}

function commandOf({ bench, figures }: Kept): string {
  const { stageSets, objects, stuck, concurrent } = figures as Figures;
  const flags = { stagesets: stageSets, objects, stuck, concurrent };
  const given = Object.entries(flags).flatMap(([flag, value]) => (value === undefined ? [] : [` --${flag}=${value}`]));
  return `npm run bench -- ${bench}${given.join('')}`;
}
