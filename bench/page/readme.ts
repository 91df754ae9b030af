import { between } from '../../tools/between.ts';
import { count, mebibytes, milliseconds, seconds } from './markdown.ts';
import { figuresOf, type Numbers } from './numbers.ts';
import type { FleetFigures } from './recommend.ts';

/** The README with what was measured last of what it claims. */
export function withClaims(readme: string, numbers: Numbers): string {
  const claims = [...atRest(numbers), ...ofFleets(numbers), ...ofGate(numbers)];
  return between(readme, '<!-- what was measured, by `npm run bench` -->', claims.join('\n'));
}

function atRest(numbers: Numbers): readonly string[] {
  type Steady = Readonly<Record<'requests' | 'runs' | 'stageSets' | 'cpuMsPerRun', number>>;
  return figuresOf<Steady>(numbers, 'steady').map(
    ({ requests, runs, stageSets, cpuMsPerRun }) =>
      `- ${count(stageSets)} StageSets at rest: ${count(requests)} requests in ${count(runs)} runs, ${milliseconds(cpuMsPerRun)} of CPU each ` +
      `(\`npm run bench -- steady --stagesets=${stageSets}\`).`,
  );
}

function ofFleets(numbers: Numbers): readonly string[] {
  const largest = figuresOf<FleetFigures>(numbers, 'fleet')
    .toSorted((a, b) => a.stageSets - b.stageSets)
    .at(-1);
  if (largest === undefined) return [];
  const { stageSets, objects, wallMs, rollout, restart, allMs } = largest;
  const peakBytes = Math.max(rollout.peakBytes, restart.peakBytes);
  return [
    `- ${count(stageSets)} StageSets of ${objects} ConfigMaps, on a stand-in for the API server: rolled out in ${seconds(wallMs)}, all seen again ` +
      `${seconds(allMs)} after a restart, ${mebibytes(peakBytes)} of memory at the peak (\`npm run bench -- fleet\`).`,
  ];
}

function ofGate(numbers: Numbers): readonly string[] {
  type Gate = Readonly<Record<'busyP99Ms' | 'perSecond', number>>;
  return figuresOf<Gate>(numbers, 'gate').map(
    ({ busyP99Ms, perSecond }) =>
      `- The gate, asked ${count(perSecond)} times a second while every worker builds: p99 ${milliseconds(busyP99Ms)} (\`npm run bench -- gate\`).`,
  );
}
