import { prunes } from '../../shared/api/defaults.ts';
import type { ObjectId } from '../../shared/objects/object-id.ts';
import type { Target } from '../apply/cluster.ts';
import { planPrune } from '../inventory/plan-prune.ts';
import { type Outcome, outcomeOf, StageError } from '../outcome/outcome.ts';
import { announce } from './announce.ts';
import { inputsOf, type StageToRoll } from './plans.ts';
import { showReadyAgain } from './progress.ts';
import { pruneStage, refuseToEmpty } from './prune-leftovers.ts';
import { applyAndVerify } from './roll-out-stage.ts';
import { isFromApplyOn } from './stage-actions.ts';
import { NotRestorable, takeBack } from './take-back.ts';
import { watchKindsOf } from './watch-kinds.ts';
import type { Run } from './world.ts';

/**
 * Whether what stood before is to be put back. What the network or the API server did is tried again instead, and soon;
 * after a first run there is nothing to put back.
 */
export function callsForRollback({ set }: Run, error: unknown): error is StageError {
  if (set.spec.rollbackOnFailure !== true || !(error instanceof StageError)) return false;
  const outcome = outcomeOf(error);
  const comesAgainSoon = outcome?.reason === 'StageFailed' && outcome.retry === 'backoff';
  return isFromApplyOn(error.operation) && !comesAgainSoon && (set.status?.lastAppliedSnapshot ?? []).length > 0;
}

/**
 * Puts each stage back to what it was when all of them last succeeded. A stage that is new since is left alone. No
 * action and no migration runs: they belong to going forward.
 * Promises: nothing is written before all of it is found to be there; at no time is more than one plan held; objects
 * that came with what failed are pruned once all stages are back.
 */
export async function rollBack(
  run: Run,
  target: Target,
  rolled: readonly StageToRoll[],
  failure: StageError,
): Promise<Outcome> {
  run.memory.awaited?.stop();
  run.memory.awaited = undefined;
  let former: readonly StageToRoll[];
  try {
    former = await takeAllBack(run, target, rolled);
  } catch (error) {
    if (!(error instanceof NotRestorable)) throw error;
    const message = `${failure.message}; cannot roll back: ${error.message}`;
    return { reason: 'PreviousRevisionUnavailable', message, stage: failure.stage };
  }
  if (former.every((stage) => rolled.includes(stage))) throw failure; // what failed is what stood before

  run.log.info('rolling back', { because: failure.message });
  const objects = [...rolled, ...former].flatMap(({ plan }) => plan.objects);
  await watchKindsOf(run, target.cluster, objects);
  const failures: StageError[] = [];
  for (const stage of former) {
    try {
      await putBack(run, target, stage, objects);
    } catch (error) {
      if (!(error instanceof StageError)) throw error;
      failures.push(error); // the others are better off at what they were
    }
  }
  const broken = failures.find(({ operation }) => operation !== 'verify');
  if (broken !== undefined) return halfWay(failure, broken);
  try {
    await pruneNewcomers(run, target, former);
  } catch (error) {
    if (!(error instanceof StageError)) throw error;
    return halfWay(failure, error);
  }
  return tell(run, former, failure, failures);
}

/** All that the snapshot has and the spec still knows, one after the other. */
async function takeAllBack(run: Run, target: Target, rolled: readonly StageToRoll[]): Promise<readonly StageToRoll[]> {
  const former: StageToRoll[] = [];
  const inputs = inputsOf(run);
  for (const [position, stage] of run.set.spec.stages.entries()) {
    const snapshot = run.set.status?.lastAppliedSnapshot?.find((each) => each.stage === stage.name);
    if (snapshot === undefined) continue;
    const now = rolled.find((each) => each.stage === stage);
    const isSame = now?.snapshot.digest === snapshot.digest && now?.snapshot.renderDigest === snapshot.renderDigest;
    former.push(
      now !== undefined && isSame
        ? now
        : await takeBack(run, target, { stage, position, snapshot, earlier: former, inputs }),
    );
  }
  return former;
}

async function putBack(
  run: Run,
  target: Target,
  stage: StageToRoll,
  objects: Parameters<typeof watchKindsOf>[2] & Parameters<typeof applyAndVerify>[3],
): Promise<void> {
  run.superseded.throwIfAborted();
  run.memory.startedAtMs.delete(stage.stage.name); // it has its own time, also where it is what has just failed
  await applyAndVerify(run, target, stage, objects);
  showReadyAgain(run, stage);
}

/** What came with what failed: recorded by the stages that are back, and neither theirs nor another stage's. */
async function pruneNewcomers(run: Run, target: Target, former: readonly StageToRoll[]): Promise<void> {
  const names = new Set(former.map(({ stage }) => stage.name));
  const { true: own = [], false: others = [] } = Object.groupBy(
    run.inventory.read(target.recordedAs),
    ({ stage }) => `${names.has(stage)}` as const,
  );
  const staying = new Set<ObjectId>([
    ...former.flatMap(({ plan }) => plan.objects.map(({ id }) => id)),
    ...others.flatMap(({ entries }) => [...entries.keys()]),
  ]);
  const plan = planPrune({
    recorded: own,
    here: target.recordedAs,
    stages: former.map(({ stage }) => ({ name: stage.name, prunes: prunes(stage) })),
    rendered: staying,
    forgets: false,
  });
  refuseToEmpty(run, plan, staying);
  for (const stage of former.toReversed()) {
    await pruneStage(run, target, stage, plan.doomed.get(stage.stage.name) ?? [], staying);
  }
}

/** The next run begins anew, and goes back anew. */
function halfWay(failure: StageError, broken: StageError): Outcome {
  const { message, stage } = failure;
  const outcome = outcomeOf(broken);
  const retry = outcome?.reason === 'StageFailed' ? outcome.retry : 'retryInterval';
  return { reason: 'StageFailed', message: `${message}; not all is rolled back: ${broken.message}`, stage, retry };
}

function tell(run: Run, former: readonly StageToRoll[], failure: StageError, failures: readonly StageError[]): Outcome {
  const revisions = former.map(({ stage, pin }) => `stage "${stage.name}" to ${pin.artifact.revision}`).join(', ');
  const though = failures.map(({ message }) => `; then ${message}`).join('');
  const note = `rolled back ${revisions}${though}`;
  announce(run, { type: 'Warning', reason: 'RolledBack', note: `${note}, because ${failure.message}` });
  return {
    reason: 'StageFailed',
    message: `${failure.message}; ${note}`,
    stage: failure.stage,
    retry: 'retryInterval',
    rolledBack: true,
  };
}
