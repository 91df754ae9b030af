import type { Outcome } from '../outcome/outcome.ts';
import { isTimeUp } from '../outcome/time-up.ts';
import { pinSources } from '../source/pin-sources.ts';
import { admit, whatStands } from './admit.ts';
import { connectTarget, onTarget } from './connect-target.ts';
import { addFinalizer } from './finalizer.ts';
import { firstObjection } from './gates.ts';
import { type HeldBack, heldBack } from './held-back.ts';
import { keepSnapshots } from './keep-snapshots.ts';
import { unlessGone } from './left-alone.ts';
import { claimForRollout } from './ownership.ts';
import { buildStages, snapshotWith } from './plans.ts';
import { showBeginning } from './progress.ts';
import { pruneLeftovers, recordAll } from './prune-leftovers.ts';
import { rebuildLost } from './rebuild.ts';
import { callsForRollback, rollBack } from './roll-back.ts';
import { rollOutStage } from './roll-out-stage.ts';
import { keptOf } from './take-back.ts';
import { tearDown } from './tear-down.ts';
import { planTransition } from './transition.ts';
import { watchKindsOf } from './watch-kinds.ts';
import { watchReferences } from './watch-references.ts';
import type { Run } from './world.ts';

/**
 * One run of one StageSet, from what it asks for to what the cluster holds.
 * It can be cut at any point: what must survive is written before the next step depends on it.
 * Throws StageError or RunEnded when it cannot go on, Superseded when something newer makes it pointless.
 */
export async function run(run: Run): Promise<Outcome | 'torn down' | HeldBack> {
  if (run.set.metadata.deletionTimestamp !== undefined) {
    await tearDown(run);
    return 'torn down';
  }
  await addFinalizer(run);

  const objection = firstObjection(run);
  if (objection !== undefined) return objection;

  await watchReferences(run);
  const held = admit(run, pinSources(run.set, run.world)) ?? heldBack(run);
  if (held !== undefined) return held;
  claimForRollout(run);
  showBeginning(run);

  const target = await connectTarget(run);
  run.target = target;
  const built = await buildStages(run, target, run.pins ?? [], (wanted) => keptOf(run, target, wanted));
  const { line, plans } = built;
  run.transition = await planTransition(run, built.version);

  const rolledBack = await onTarget(run, async () => {
    await watchKindsOf(run, target.cluster, plans.objects());
    const rebuilt = await rebuildLost(run, target, plans.built());
    try {
      for (const stage of line) {
        run.superseded.throwIfAborted();
        await unlessGone(run, stage.pin, () => rollOutStage(run, target, stage, plans));
      }
    } catch (error) {
      if (isTimeUp(error)) run.world.metrics.controllerRuntime.timedOut();
      if (!callsForRollback(run, error)) throw error;
      return await rollBack(run, target, plans.built(), error);
    }
    run.superseded.throwIfAborted();
    await (rebuilt ? recordAll : pruneLeftovers)(run, target, plans.built());
    await keepSnapshots(run, plans.built());
    return undefined;
  });
  if (rolledBack !== undefined) return rolledBack;

  run.snapshot = snapshotWith(run, plans.built());
  return whatStands(run);
}
