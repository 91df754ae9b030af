import type { ObjectId } from '../../shared/objects/object-id.ts';
import type { PlannedObject } from '../../shared/protocol/tasks.ts';
import { type Applied, applyWaves } from '../apply/apply-waves.ts';
import type { Target } from '../apply/cluster.ts';
import { validateAll } from '../apply/dry-run.ts';
import type { Entry } from '../inventory/shards.ts';
import { appliedPrint } from '../live/ownership-print.ts';
import { during } from '../outcome/outcome.ts';
import { BodiesAtHand } from './bodies-at-hand.ts';
import { countDrift } from './drift.ts';
import { bodiesOf, type StageToRoll } from './plans.ts';
import { changedIn, printsOf } from './prints.ts';
import { showPhase, showReady } from './progress.ts';
import { startClock, verifyObjects, verifyStage } from './verify-stage.ts';
import { untilServed, watchKindsOf } from './watch-kinds.ts';
import type { Run } from './world.ts';

/**
 * Brings one stage onto the cluster and waits until it is ready. Throws a StageError, or Superseded.
 * `objects` are those of all stages: what the run has to watch.
 */
export async function rollOutStage(
  run: Run,
  target: Target,
  rolled: StageToRoll,
  objects: readonly PlannedObject[],
): Promise<void> {
  const { stage, plan } = rolled;
  const changed = changedIn(run, target.cluster.live, plan);
  if (changed.length > 0) {
    await during(stage.name, 'apply', async () => {
      await applyStage(run, target, rolled, changed);
      await watchKindsOf(run, target.cluster, objects); // this stage may have brought kinds of its own, or of a later one
    });
  }
  if (stage.readyChecks?.disableWait !== true)
    await during(stage.name, 'verify', () => verifyStage(run, target, rolled));
  showReady(run, rolled);
}

async function applyStage(run: Run, target: Target, rolled: StageToRoll, changed: readonly PlannedObject[]) {
  const { stage, position, plan } = rolled;
  using bodies = await BodiesAtHand.taken(() => bodiesOf(run, rolled));
  const definedKinds = new Set(plan.definedKinds.map(({ group, kind }) => `${group}/${kind}`));
  showPhase(run, stage.name, 'Applying', `applying ${changed.length} of ${plan.objects.length} objects`);

  const deferred = await validateAll(target, changed, bodies.bodyOf, definedKinds);
  run.superseded.throwIfAborted();
  // Before the first write: a crash half way through must not forget what prune has to know, nor trust a print that a
  // lost write left as it was: the server dates writes by the second.
  for (const { id } of changed) printsOf(run).delete(id);
  await run.inventory.write(stage.name, position, unionOf(run, rolled, changed));
  startClock(run, rolled);
  const applied: Applied[] = [];
  await applyWaves(target, changed, deferred, bodies.bodyOf, {
    onApplied(result) {
      printsOf(run).set(result.object.id, appliedPrint(result.object.digest, result.print));
      applied.push(result);
    },
    async firstWaveStands(objects) {
      bodies.layDown();
      await verifyObjects(
        run,
        target,
        rolled,
        objects.map(({ id }) => id),
      );
      await untilServed(run, target.cluster, plan.definedKinds);
      if (changed.length > objects.length) await bodies.takeUp();
    },
  });
  countDrift(run, stage.name, applied);
}

/** What was recorded and what is to come: nothing that may be on the cluster is ever missing from it. */
function unionOf(
  run: Run,
  { stage, plan }: StageToRoll,
  changed: readonly PlannedObject[],
): ReadonlyMap<ObjectId, Entry> {
  const recorded = run.inventory.read().get(stage.name)?.entries ?? new Map<ObjectId, Entry>();
  const unrecorded = plan.objects.filter(({ id }) => !recorded.has(id));
  const bare = [...unrecorded, ...changed].map(({ id, apiVersion }) => [id, { id, v: apiVersion }] as const);
  return new Map([...recorded, ...bare]);
}
