import type { StagePhase, StageSetStatus } from '../../shared/api/types.ts';
import { keys } from '../../shared/labels.ts';
import { revisionsOf } from '../source/pin.ts';
import { begun, phaseOf, type RunFacts, withStage, working } from '../status/compose.ts';
import { isSteady } from './drift.ts';
import type { StageToRoll } from './plans.ts';
import { handledRequest } from './stage-ledger.ts';
import type { Run } from './world.ts';

export function factsOf({ set, startedMs }: Pick<Run, 'set' | 'startedMs'>): RunFacts {
  return {
    generation: set.metadata.generation ?? 0,
    stages: set.spec.stages.map((stage) => stage.name),
    startedMs,
    requestedAt: set.metadata.annotations?.[keys.requestedAt],
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

/** What came after its being ready is done too. */
export function showReadyAgain(run: Run, { stage, pin, plan }: StageToRoll): void {
  const { revision } = pin.artifact;
  show(run, (status) =>
    withStage(status, stage.name, {
      phase: 'Ready',
      appliedRevision: revision,
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
