import type { StagePhase, StageSetStatus } from '../../shared/api/types.ts';
import { keys } from '../../shared/labels.ts';
import { revisionsOf } from '../source/pin.ts';
import { begun, phaseOf, type RunFacts, withStage, working } from '../status/compose.ts';
import { isSteady } from './drift.ts';
import type { StageToRoll } from './plans.ts';
import { handledRequest } from './stage-ledger.ts';
import type { Run } from './world.ts';

export function factsOf({ set, startedMs, admission }: Pick<Run, 'set' | 'startedMs' | 'admission'>): RunFacts {
  return {
    generation: set.metadata.generation ?? 0,
    stages: set.spec.stages.map((stage) => stage.name),
    startedMs,
    requestedAt: set.metadata.annotations?.[keys.requestedAt],
    rolloutId: admission?.rolloutId,
  };
}

/** Tells that a rollout starts. A run that finds everything as it should be tells nothing. */
export function showBeginning(run: Run): void {
  if (isSteady(run)) return;
  const revisions = revisionsOf(run.pins ?? []);
  show(run, (status) => begun(status, factsOf(run), revisions, run.world.clock.wallMs()));
}

export function showPhase(run: Run, stage: string, phase: StagePhase, doing: string): void {
  const step = `stage "${stage}": ${doing}`;
  show(run, (status) =>
    working(withStage(status, stage, { phase, message: doing }), factsOf(run), step, run.world.clock.wallMs()),
  );
}

/** As soon as it is so: a teardown that finds fewer shards than status tells of knows that some were lost. */
export function showRecorded(run: Run, stage: string): void {
  const shards = run.inventory.shardCountOf(stage);
  show(run, (status) => withStage(status, stage, { shards }));
}

/** Applied and verified. A stage that was ready and still is changes nothing in status. */
export function showReady(run: Run, rolled: StageToRoll): void {
  const { stage } = rolled;
  const wasReady = phaseOf(run.status.status, stage.name) === 'Ready';
  if (!wasReady || !isSteady(run)) countStage(run, stage.name);
  showReadyAgain(run, rolled);
}

function countStage({ world, set, memory }: Run, stage: string): void {
  world.metrics.stageApplied(set, stage);
  const start = memory.startedAtMs.get(stage);
  if (start !== undefined) world.metrics.stageTook(world.clock.elapsedMs() - start.elapsedMs);
}

/** It may not be ready yet: this is the revision that it stays at if newer ones are held back from now on. */
export function showApplied(run: Run, { stage: { name }, pin: { artifact } }: StageToRoll): void {
  run.memory.applied.set(name, artifact);
  const before = run.status.status.stages?.find((each) => each.name === name)?.appliedRevision;
  if (before !== artifact.revision)
    show(run, (status) => withStage(status, name, { appliedRevision: artifact.revision }));
}

/** Not looked at, a stage is what it was. */
export function showLeftAlone(run: Run, stage: string, because: string): void {
  const phase = run.set.status?.stages?.find(({ name }) => name === stage)?.phase ?? 'Pending';
  const before = run.status.status.stages?.find(({ name }) => name === stage);
  if (before?.phase === phase && before.message === because) return;
  show(run, (status) => withStage(status, stage, { phase, message: because }));
}

/** What came after its being ready is done too. */
export function showReadyAgain(run: Run, { stage, plan }: StageToRoll): void {
  show(run, (status) =>
    withStage(status, stage.name, {
      phase: 'Ready',
      entriesCount: plan.objects.length,
      shards: run.inventory.shardCountOf(stage.name),
      message: '',
      ...handledRequest(run, stage),
    }),
  );
}

/** In status, and in the gauge that tells which stages are ready. */
function show(run: Run, change: (status: StageSetStatus) => StageSetStatus): void {
  run.status.show(change);
  run.world.metrics.stagesReady(run.set, run.status.status.stages ?? []);
}
