import { between } from '../../tools/between.ts';
import type { Curve } from './curve.ts';
import { count, mebibytes, milliseconds, seconds, table } from './markdown.ts';
import { figuresOf, type Numbers } from './numbers.ts';
import { realServer } from './real-server.ts';
import { type FleetFigures, fewestWorkers, recommend, type Throughput } from './recommend.ts';

const MIB = 2 ** 20;

/** The tuning page with what was measured in place of what was measured before. */
export function withNumbers(page: string, numbers: Numbers): string {
  const parts = [recommended, fleets, slots, workers, realServer].flatMap((part) => part(numbers));
  return between(page, '<!-- what was measured, by `npm run bench` -->', parts.join('\n\n'));
}

interface PoolFigures {
  readonly cpus: number;
  readonly byWorkers: readonly (Throughput & { readonly rssBytes: number })[];
}

function poolIn(numbers: Numbers): PoolFigures | undefined {
  return figuresOf<PoolFigures>(numbers, 'pool')[0];
}

const USUAL_SLOTS = 16;

/** By size, with as many slots as there are unless somebody says otherwise. */
function fleetsIn(numbers: Numbers): readonly FleetFigures[] {
  const all = figuresOf<FleetFigures>(numbers, 'fleet').filter(({ concurrent }) => concurrent === USUAL_SLOTS);
  return all.toSorted((a, b) => a.stageSets - b.stageSets);
}

/** Of the size at which more than one number of slots was tried. */
function slotsIn(numbers: Numbers): readonly FleetFigures[] {
  const bySize = Map.groupBy(figuresOf<FleetFigures>(numbers, 'fleet'), ({ stageSets }) => stageSets);
  const tried = [...bySize.values()].find((same) => same.length > 1) ?? [];
  return tried.toSorted((a, b) => a.concurrent - b.concurrent);
}

function recommended(numbers: Numbers): readonly string[] {
  const cpus = numbers[0]?.cpus ?? 0;
  return [
    '## How much it needs',
    table(
      ['StageSets', '`--workers`', '`--concurrent`', '`--shards`', 'memory of each replica'],
      fleetsIn(numbers).map((fleet) => {
        const { shards, memoryMiB } = recommend(fleet);
        return [`up to ${count(fleet.stageSets)}`, '`auto`', `${USUAL_SLOTS}`, `${shards}`, `${memoryMiB}Mi`];
      }),
    ),
    'Memory is half as much again as the highest peak below, in steps of 256Mi. There are as many shards as let every StageSet have its turn within ' +
      'two minutes of a restart. StageSets of more objects, or larger ones, need more: what is known of each object is what grows.',
    `All of this was measured with ${cpus} CPUs, which the controller shared with the bench and with what it talks to: a cluster has more. ` +
      '`npm run bench -- all` measures it anew and writes this section.',
  ];
}

function fleets(numbers: Numbers): readonly string[] {
  const all = fleetsIn(numbers);
  return [
    '### As StageSets grow in number',
    'A fleet of ten thousand needs more than one machine, so these figures come from **a stand-in for the API server** (`bench/stand-in`). It keeps ' +
      'objects in memory, and takes as long for each request as a real server was recorded to that had one rollout at a time ' +
      '(`npm run bench -- latencies`). The controller is the real one, and so are its watches, artifacts and builds. All StageSets, of ' +
      `${all[0]?.objects ?? 0} ConfigMaps each, are created at once; then the controller is restarted, and nothing has changed.`,
    table(
      ['StageSets', 'all Ready', 'CPU a run', 'peak memory', 'event loop delay, p99', 'watch events'],
      all.map(({ stageSets, wallMs, rollout }) => [
        count(stageSets),
        seconds(wallMs),
        milliseconds(rollout.cpuMsPerRun),
        mebibytes(rollout.peakBytes),
        milliseconds(rollout.loopDelayP99Ms),
        `${count(rollout.watchEvents)}, ${mebibytes(rollout.watchBytes)}`,
      ]),
    ),
    table(
      ['restarted with', 'all seen', 'CPU a run', 'peak memory', 'event loop delay, p99', 'watch events'],
      all.map(({ stageSets, allMs, restart }) => [
        count(stageSets),
        seconds(allMs),
        milliseconds(restart.cpuMsPerRun),
        mebibytes(restart.peakBytes),
        milliseconds(restart.loopDelayP99Ms),
        `${count(restart.watchEvents)}, ${mebibytes(restart.watchBytes)}`,
      ]),
    ),
    ...calibration(numbers),
    ...Object.entries(curves(numbers)).map(([file, { title }]) => `![${title}](./bench/${file})`),
  ];
}

interface Converged {
  readonly stageSets: number;
  readonly objects: number;
  readonly requestsPerStageSet: number;
  readonly cpuMsPerStageSet: number;
  readonly peakBytes: number;
  readonly wallMs: number;
}

/** How near the stand-in is to the real one, where both were measured with a fleet of one size. */
function calibration(numbers: Numbers): readonly string[] {
  return fleetsIn(numbers).flatMap(({ stageSets, objects, rollout, wallMs }) => {
    const real = figuresOf<Converged>(numbers, 'converge').find(
      (each) => each.stageSets === stageSets && each.objects === objects,
    );
    if (real === undefined) return [];
    return [
      `How near that is: ${count(stageSets)} of them on the real server take ${real.requestsPerStageSet.toFixed(1)} requests a StageSet (stand-in: ` +
        `${(rollout.requests / stageSets).toFixed(1)}, of which one is the bench's own), ${milliseconds(real.cpuMsPerStageSet)} of the controller's CPU ` +
        `(${milliseconds(rollout.cpuMsPerRun)}), ${mebibytes(real.peakBytes)} at the peak (${mebibytes(rollout.peakBytes)}), and are all ` +
        `Ready in ${seconds(real.wallMs)} (${seconds(wallMs)}): there the server is the bottleneck, on the CPUs that it shares.`,
    ];
  });
}

function slots(numbers: Numbers): readonly string[] {
  const tried = slotsIn(numbers);
  if (tried.length === 0) return [];
  return [
    '### Slots',
    `${count(tried[0]?.stageSets ?? 0)} StageSets, created at once, on the stand-in. More slots help where the server takes ` +
      `long to answer, and take more memory: what is recommended above is for ${USUAL_SLOTS}.`,
    table(
      ['`--concurrent`', 'all Ready', 'peak memory'],
      tried.map(({ concurrent, wallMs, rollout }) => [`${concurrent}`, seconds(wallMs), mebibytes(rollout.peakBytes)]),
    ),
  ];
}

function workers(numbers: Numbers): readonly string[] {
  const pool = poolIn(numbers);
  if (pool === undefined) return [];
  return [
    '### Worker threads',
    `Builds of 200 Deployments, on ${pool.cpus} CPUs. ${fewestWorkers(pool.byWorkers)} threads are as quick as any, within a twentieth; \`auto\` ` +
      'looks for that number by itself, and follows the CPU that the container may use.',
    table(
      ['`--workers`', 'builds a second', 'memory of the process'],
      pool.byWorkers.map((each) => [`${each.workers}`, each.perSecond.toFixed(1), mebibytes(each.rssBytes)]),
    ),
  ];
}

/** Files beside the page, by name. */
export function curves(numbers: Numbers): Readonly<Record<string, Curve>> {
  const all = fleetsIn(numbers);
  const line = (name: string, value: (fleet: FleetFigures) => number) => ({
    name,
    points: all.map((fleet) => [fleet.stageSets, value(fleet)] as const),
  });
  const byStageSets = (title: string, y: string, value: (costs: FleetFigures['rollout']) => number): Curve => ({
    title,
    x: 'StageSets, on a stand-in for the API server',
    y,
    lines: [
      line('all created at once', ({ rollout }) => value(rollout)),
      line('restarted', ({ restart }) => value(restart)),
    ],
  });
  const pool = poolIn(numbers);
  return {
    'memory.svg': byStageSets('Peak memory', 'MiB', ({ peakBytes }) => peakBytes / MIB),
    'cpu.svg': byStageSets('CPU time of a run', 'ms, with what it costs to start', ({ cpuMsPerRun }) => cpuMsPerRun),
    'loop.svg': byStageSets('Event loop delay, p99', 'ms', ({ loopDelayP99Ms }) => loopDelayP99Ms),
    ...(pool !== undefined && {
      'workers.svg': {
        title: `Builds a second by the number of worker threads, on ${pool.cpus} CPUs`,
        x: '--workers',
        y: 'builds of 200 Deployments a second',
        lines: [
          { name: 'builds', points: pool.byWorkers.map(({ workers, perSecond }) => [workers, perSecond] as const) },
        ],
      },
    }),
  };
}
