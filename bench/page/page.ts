import type { Curve } from './curve.ts';
import { figuresOf, type Kept, type Numbers } from './numbers.ts';
import { type FleetFigures, fewestSlots, fewestWorkers, recommend, type Throughput } from './recommend.ts';

const MIB = 2 ** 20;
const begin = '<!-- bench: begin -->';
const end = '<!-- bench: end -->';

/** The tuning page with what was measured in place of what was measured before. */
export function withNumbers(page: string, numbers: Numbers): string {
  const from = page.indexOf(begin);
  const to = page.indexOf(end, from);
  if (from === -1 || to === -1) throw new Error(`the page lacks the marks ${begin} and ${end}`);
  return `${page.slice(0, from)}${begin}\n\n${section(numbers)}\n\n${page.slice(to)}`;
}

/** Files beside the page, by name. */
export function curves(numbers: Numbers): Readonly<Record<string, Curve>> {
  const fleets = fleetsIn(numbers);
  const line = (name: string, value: (fleet: FleetFigures) => number) => ({
    name,
    points: fleets.map((fleet) => [fleet.stageSets, value(fleet)] as const),
  });
  return {
    'memory.svg': {
      title: 'Peak memory by the number of StageSets',
      x: 'StageSets, on a stand-in for the API server',
      y: 'MiB',
      lines: [
        line('all created at once', ({ rollout }) => rollout.peakBytes / MIB),
        line('after a restart', ({ restart }) => restart.peakBytes / MIB),
      ],
    },
    'cpu.svg': {
      title: 'CPU time of a run by the number of StageSets',
      x: 'StageSets, on a stand-in for the API server',
      y: 'ms a run, what starting costs included',
      lines: [
        line('that rolls out', ({ rollout }) => rollout.cpuMsPerRun),
        line('that finds all as it was', ({ restart }) => restart.cpuMsPerRun),
      ],
    },
    'loop.svg': {
      title: 'Event loop delay, p99, by the number of StageSets',
      x: 'StageSets, on a stand-in for the API server',
      y: 'ms',
      lines: [
        line('all created at once', ({ rollout }) => rollout.loopDelayP99Ms),
        line('after a restart', ({ restart }) => restart.loopDelayP99Ms),
      ],
    },
    'workers.svg': {
      title: `Builds a second by the number of worker threads, on ${poolIn(numbers).cpus} CPUs`,
      x: '--workers',
      y: 'builds of 200 Deployments a second',
      lines: [
        {
          name: 'builds',
          points: poolIn(numbers).byWorkers.map(({ workers, perSecond }) => [workers, perSecond] as const),
        },
      ],
    },
  };
}

interface PoolFigures {
  readonly cpus: number;
  readonly byWorkers: readonly (Throughput & { readonly rssBytes: number })[];
}

function poolIn(numbers: Numbers): PoolFigures {
  return figuresOf<PoolFigures>(numbers, 'pool').at(-1) ?? { cpus: 0, byWorkers: [] };
}

const USUAL_SLOTS = 16;

function fleetsIn(numbers: Numbers): readonly FleetFigures[] {
  const fleets = figuresOf<FleetFigures>(numbers, 'fleet').filter(({ concurrent }) => concurrent === USUAL_SLOTS);
  return fleets.toSorted((a, b) => a.stageSets - b.stageSets);
}

function section(numbers: Numbers): string {
  const fleets = fleetsIn(numbers);
  const pool = poolIn(numbers);
  const slots = figuresOf<FleetFigures>(numbers, 'fleet').filter(({ stageSets }) => stageSets === slotsSize(numbers));
  const perCpu = fewestWorkers(pool.byWorkers) / pool.cpus;
  return [
    '## How much it needs',
    `Measured with ${pool.cpus} CPUs that the controller shared with the bench and all it talks to, so a cluster of its own does better. ` +
      '`npm run bench -- all` measures it anew and writes this section.',
    table(
      ['StageSets', '`--workers`', '`--concurrent`', '`--shards`', 'memory of each replica'],
      fleets.map((fleet) => {
        const { shards, memoryMiB } = recommend(fleet);
        const memory = `${count(memoryMiB)}Mi`;
        return [`up to ${count(fleet.stageSets)}`, '`auto`', `${fewestSlots(slots)}`, `${shards}`, memory];
      }),
    ),
    `Memory is half as much again as the highest peak seen, by steps of 256Mi. Shards are as many as let every StageSet have its turn ` +
      `within two minutes of a restart. \`--workers=auto\` finds by itself what was best here: ${perCpu} for each CPU. More slots than ` +
      `${fewestSlots(slots)} brought no more than a twentieth.`,
    '### As StageSets grow in number',
    `A fleet so large needs more than one machine, so these figures come from **a stand-in for the API server** (\`bench/stand-in\`): it keeps ` +
      `objects in memory and takes as long for each request as a real one was recorded to (\`npm run bench -- latencies\`). The controller is ` +
      `the real one, and so are watches, artifacts and builds. ${fleets[0]?.objects ?? 0} ConfigMaps each, all created at once; then a restart.`,
    table(
      [
        'StageSets',
        'all Ready',
        'CPU a run',
        'peak',
        'loop delay, p99',
        'watch events',
        'watched',
        'restart: all seen',
        'CPU a run',
        'peak',
      ],
      fleets.map(({ stageSets, wallMs, rollout, restart, allMs }) => [
        count(stageSets),
        seconds(wallMs),
        milliseconds(rollout.cpuMsPerRun),
        mebibytes(rollout.peakBytes),
        milliseconds(rollout.loopDelayP99Ms),
        count(rollout.watchEvents),
        mebibytes(rollout.watchBytes),
        seconds(allMs),
        milliseconds(restart.cpuMsPerRun),
        mebibytes(restart.peakBytes),
      ]),
    ),
    calibration(numbers),
    ...Object.entries(curves(numbers)).map(([file, { title }]) => `![${title}](./bench/${file})`),
    '### Slots',
    `${count(slotsSize(numbers))} StageSets, created at once, on the stand-in:`,
    table(
      ['`--concurrent`', 'all Ready', 'peak'],
      slots
        .toSorted((a, b) => a.concurrent - b.concurrent)
        .map(({ concurrent, wallMs, rollout }) => [`${concurrent}`, seconds(wallMs), mebibytes(rollout.peakBytes)]),
    ),
    '### Worker threads',
    table(
      ['`--workers`', 'builds a second', 'memory of the process'],
      pool.byWorkers.map((each) => [`${each.workers}`, each.perSecond.toFixed(1), mebibytes(each.rssBytes)]),
    ),
    '### Against the real API server',
    table(
      ['what', 'figures', 'measured by'],
      numbers.filter(({ bench }) => bench in lines).map((kept) => [kept.title, said(kept), `\`${commandOf(kept)}\``]),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** How near the stand-in is to the real one, where both were measured with a fleet of one size. */
function calibration(numbers: Numbers): string {
  const compared = fleetsIn(numbers).flatMap(({ stageSets, objects, rollout, wallMs }) => {
    const real = figuresOf<Converged>(numbers, 'converge').find(
      (each) => each.stageSets === stageSets && each.objects === objects,
    );
    if (real === undefined) return [];
    return [
      `${count(stageSets)} StageSets on the real one, in one run of \`converge\`: ${real.requestsPerStageSet.toFixed(1)} requests a StageSet ` +
        `(stand-in: ${(rollout.requests / stageSets).toFixed(1)}, the bench's own included), ${milliseconds(real.cpuMsPerStageSet)} of CPU ` +
        `(${milliseconds(rollout.cpuMsPerRun)}), peak ${mebibytes(real.peakBytes)} (${mebibytes(rollout.peakBytes)}), ` +
        `all Ready in ${seconds(real.wallMs)} (${seconds(wallMs)}).`,
    ];
  });
  return compared.join('\n\n');
}

interface Converged {
  readonly stageSets: number;
  readonly objects: number;
  readonly requestsPerStageSet: number;
  readonly cpuMsPerStageSet: number;
  readonly peakBytes: number;
  readonly wallMs: number;
}

/** The size at which more than one number of slots was tried. */
function slotsSize(numbers: Numbers): number {
  const others = figuresOf<FleetFigures>(numbers, 'fleet').filter(({ concurrent }) => concurrent !== USUAL_SLOTS);
  return others[0]?.stageSets ?? 0;
}

type Figures = Readonly<Record<string, number>>;

/** What is worth knowing of benches against the real API server. */
const lines: Readonly<Record<string, (figures: Figures) => string>> = {
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

function said({ bench, figures }: Kept): string {
  return lines[bench]?.(figures as Figures) ?? '';
}

function commandOf({ bench, figures }: Kept): string {
  const { stageSets, objects, concurrent } = figures as Figures;
  const flags = { stagesets: stageSets, objects, concurrent };
  const given = Object.entries(flags).flatMap(([flag, value]) => (value === undefined ? [] : [` --${flag}=${value}`]));
  return `npm run bench -- ${bench}${given.join('')}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}

function milliseconds(ms: number): string {
  return `${ms.toFixed(1)} ms`;
}

function mebibytes(bytes: number): string {
  return `${count(Math.round(bytes / MIB))} MiB`;
}
