const MIB = 2 ** 20;
/** What a peak that nobody has measured may take beside those that were. */
const ROOM = 1.5;
const STEP = 256 * MIB;
/** How long after a restart the last StageSet may wait for its turn. */
const PATIENCE_MS = 120_000;

export interface FleetFigures {
  readonly stageSets: number;
  readonly objects: number;
  readonly concurrent: number;
  readonly wallMs: number;
  readonly readyMs: number;
  readonly allMs: number;
  readonly rollout: Costs;
  readonly restart: Costs;
}

export interface Costs {
  readonly cpuMsPerRun: number;
  readonly peakBytes: number;
  readonly loopDelayP99Ms: number;
  readonly requests: number;
  readonly watchEvents: number;
  readonly watchBytes: number;
}

export interface Throughput {
  readonly workers: number;
  readonly perSecond: number;
}

export interface Recommended {
  readonly shards: number;
  /** Of each replica. */
  readonly memoryMiB: number;
}

export function recommend({ rollout, restart, allMs }: FleetFigures): Recommended {
  const shards = Math.ceil(allMs / PATIENCE_MS);
  const bytes = (Math.max(rollout.peakBytes, restart.peakBytes) / shards) * ROOM;
  return { shards, memoryMiB: (Math.ceil(bytes / STEP) * STEP) / MIB };
}

/** Within so much of the best is as good: the least of those is what to set. */
const AS_GOOD = 0.95;

export function fewestWorkers(measured: readonly Throughput[]): number {
  const best = Math.max(...measured.map(({ perSecond }) => perSecond));
  return Math.min(...measured.filter(({ perSecond }) => perSecond >= best * AS_GOOD).map(({ workers }) => workers));
}
