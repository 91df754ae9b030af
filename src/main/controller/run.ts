import type { Outcome } from '../outcome/outcome.ts';
import { pinSources } from '../source/pin-sources.ts';
import { connectTarget, onTarget } from './connect-target.ts';
import { addFinalizer } from './finalizer.ts';
import { firstObjection } from './gates.ts';
import { claimForRollout } from './ownership.ts';
import { buildStages } from './plans.ts';
import { showBeginning } from './progress.ts';
import { pruneLeftovers, recordAll } from './prune-leftovers.ts';
import { rebuildLost } from './rebuild.ts';
import { rollOutStage } from './roll-out-stage.ts';
import { tearDown } from './tear-down.ts';
import { watchKindsOf } from './watch-kinds.ts';
import { watchReferences } from './watch-references.ts';
import type { Run } from './world.ts';

/**
 * One run of one StageSet, from what it asks for to what the cluster holds.
 * It can be cut at any point: what must survive is written before the next step depends on it.
 * Throws StageError or RunEnded when it cannot go on, Superseded when something newer makes it pointless.
 */
export async function run(run: Run): Promise<Outcome | 'torn down'> {
  if (run.set.metadata.deletionTimestamp !== undefined) {
    await tearDown(run);
    return 'torn down';
  }
  await addFinalizer(run);

  const objection = firstObjection(run);
  if (objection !== undefined) return objection;

  await watchReferences(run);
  run.pins = pinSources(run.set, run.world);
  claimForRollout(run);
  showBeginning(run);

  const target = await connectTarget(run);
  run.target = target;
  const { stages, failure } = await buildStages(run, target, run.pins);
  const objects = stages.flatMap(({ plan }) => plan.objects);

  await onTarget(run, async () => {
    await watchKindsOf(run, target.cluster, objects);
    const rebuilt = await rebuildLost(run, target, stages);
    for (const stage of stages) {
      run.superseded.throwIfAborted();
      await rollOutStage(run, target, stage, objects);
    }
    if (failure !== undefined) throw failure; // counts at its stage's turn: those before it are out by now
    run.superseded.throwIfAborted();
    await (rebuilt ? recordAll : pruneLeftovers)(run, target, stages);
  });

  run.snapshot = stages.map(({ snapshot }) => snapshot);
  return { reason: 'Succeeded', message: `All ${stages.length} stages applied` };
}
