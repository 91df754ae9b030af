import type { ObjectId } from '../../shared/objects/object-id.ts';
import type { PlannedObject } from '../../shared/protocol/tasks.ts';
import { alreadyPresent } from '../apply/absent.ts';
import type { Applied, Kept } from '../apply/apply-object.ts';
import { applyWaves, type WaveHooks } from '../apply/apply-waves.ts';
import { BodiesAtHand } from '../apply/bodies-at-hand.ts';
import type { Target } from '../apply/cluster.ts';
import { policyFor } from '../apply/conflict-policy.ts';
import { validateAll } from '../apply/dry-run.ts';
import type { Sending } from '../apply/send-apply.ts';
import type { RecordedStage } from '../inventory/recorded.ts';
import type { Entry } from '../inventory/shards.ts';
import { ownerLabelsOf, sameOwner } from '../live/live-object.ts';
import { appliedPrint } from '../live/ownership-print.ts';
import { builtNow, refuseHopeless } from './build-again.ts';
import { countDrift, isSteady } from './drift.ts';
import { runMigrations } from './migrations.ts';
import { mayFold, tellAdopted, yieldTo } from './ownership.ts';
import type { Plans, StageInLine, StageToRoll } from './plans.ts';
import { printsOf, type Work, workIn } from './prints.ts';
import { showApplied, showPhase, showReady, showRecorded } from './progress.ts';
import { clearTheWay } from './recreate.ts';
import { runHook, withOnFailure } from './stage-actions.ts';
import { beginRound, openLedger } from './stage-ledger.ts';
import { takeStep } from './take-step.ts';
import { refuseOtherVersion } from './transition.ts';
import { startClock, verifyObjects, verifyStage, watchedIn } from './verify-stage.ts';
import { untilServed, watchKindsOf } from './watch-kinds.ts';
import type { Run } from './world.ts';

/**
 * Brings one stage onto the cluster, with its migrations and actions around that, and waits until it is ready. Throws a
 * StageError, or Superseded.
 */
export async function rollOutStage(run: Run, target: Target, inLine: StageInLine, plans: Plans): Promise<void> {
  await refuseHopeless(run, target, inLine, plans);
  await openLedger(run, inLine);
  await runMigrations(run, target, inLine);
  await runHook(run, target, inLine, 'pre');
  const rolled = await builtNow(run, target, inLine, plans);
  refuseOtherVersion(run, rolled);
  await beginRound(run, rolled);
  await withOnFailure(run, target, rolled, async () => {
    await applyAndVerify(run, target, rolled, plans.objects());
    await runHook(run, target, rolled, 'post');
  });
  showReady(run, rolled);
}

/** The same without actions: what a rollback puts back. `objects` are those of all stages: what the run has to watch. */
export async function applyAndVerify(
  run: Run,
  target: Target,
  rolled: StageToRoll,
  objects: readonly PlannedObject[],
): Promise<void> {
  const { stage } = rolled;
  const verified = () => takeStep(run, stage.name, 'verify', () => verifyStage(run, target, rolled));
  await applyOnce(run, target, rolled, objects, { isDrift: isSteady(run) });
  if (stage.readyChecks?.disableWait === true) return;
  while ((await verified()) === 'lost') await applyOnce(run, target, rolled, objects, { isDrift: true });
}

async function applyOnce(
  run: Run,
  target: Target,
  rolled: StageToRoll,
  objects: readonly PlannedObject[],
  why: { readonly isDrift: boolean },
): Promise<void> {
  const { stage, plan } = rolled;
  const { live } = target.cluster;
  const work = workIn(run, live, stage.name, plan);
  const untouched = new Set(work.yielded.map(({ id }) => id));
  run.memory.untouched.set(stage.name, untouched);
  yieldTo(run, live, stage.name, work.yielded);
  run.world.metrics.objects('skipped', plan.objects.length - work.wanted.length);
  if (work.wanted.length > 0) {
    await takeStep(run, stage.name, 'apply', async () => {
      for (const id of await applyStage(run, target, rolled, work, why)) untouched.add(id);
      await watchKindsOf(run, target.cluster, objects); // this stage may have brought kinds of its own, or of a later one
    });
  }
  run.memory.claims.stage(stage.name);
  showApplied(run, rolled);
}

/** Answers with those that it left to others. */
async function applyStage(
  run: Run,
  target: Target,
  rolled: StageToRoll,
  work: Work,
  { isDrift }: { readonly isDrift: boolean },
): Promise<readonly ObjectId[]> {
  const { stage, position, plan } = rolled;
  const present = await alreadyPresent(target, work.wanted);
  const wanted = work.wanted.filter((object) => !present.has(object));
  const untouched = [...present].map(({ id }) => id);
  if (wanted.length === 0) return untouched;

  using bodies = await BodiesAtHand.taken(rolled.bodies);
  const sending: Sending = {
    bodyOf: bodies.bodyOf,
    policyOf: (object) => policyFor(stage, object),
    mayFold: (object, managers) => mayFold(run, stage.name, object, managers),
    hasFolded: ({ id }, managers) => run.memory.folds.done(id, managers),
  };
  const definedKinds = new Set(plan.definedKinds.map(({ group, kind }) => `${group}/${kind}`));
  showPhase(run, stage.name, 'Applying', `applying ${wanted.length} of ${plan.objects.length} objects`);

  const toValidate = work.isRepetition ? [] : wanted;
  const deferred = await validateAll(target, toValidate, sending, definedKinds);
  run.superseded.throwIfAborted();
  // Before the first write: a crash half way through must not forget what prune has to know, nor trust a print that a
  // lost write left as it was: the server dates writes by the second.
  for (const { id } of wanted) printsOf(run).delete(id);
  const at = { stage: stage.name, position, target: target.recordedAs };
  await run.inventory.write(at, unionOf(run.inventory.recordedAt(at), rolled, wanted));
  showRecorded(run, stage.name);
  run.hasWritten = true;
  startClock(run, rolled);
  const applied: Applied[] = [];
  try {
    await applyWaves(target, wanted, deferred, sending, {
      ...followUps(run, rolled, work, { applied, untouched }),
      ...pauses(run, target, rolled, { bodies, wanted }),
    });
  } finally {
    const adopted = applied.filter(({ object }) => work.adopted.has(object));
    tellAdopted(run, stage.name, adopted);
  }
  for (const { effect } of applied) run.world.metrics.objects(effect);
  if (isDrift) countDrift(run, stage.name, applied);
  return untouched;
}

/** What is remembered of each object as soon as the server has answered. */
function followUps(
  run: Run,
  { stage }: StageToRoll,
  { adopted }: Work,
  { applied, untouched }: { readonly applied: Applied[]; readonly untouched: ObjectId[] },
): Pick<WaveHooks, 'onApplied' | 'onKept'> {
  return {
    onApplied(result) {
      const { object, print } = result;
      printsOf(run).set(object.id, appliedPrint(object.digest, print));
      if (adopted.has(object)) run.memory.claims.adopted(object.id);
      applied.push(result);
    },
    onKept(kept) {
      run.log[isSteady(run) ? 'debug' : 'info']('left as it is by the conflict policy', {
        stage: stage.name,
        object: kept.object.id,
      });
      if (!keepAsIs(run, kept)) untouched.push(kept.object.id);
    },
  };
}

/** What is waited for between two waves. A run that waits holds no bodies. */
function pauses(
  run: Run,
  target: Target,
  rolled: StageToRoll,
  { bodies, wanted }: { readonly bodies: BodiesAtHand; readonly wanted: readonly PlannedObject[] },
): Pick<WaveHooks, 'makeWay' | 'firstWaveStands'> {
  return {
    async makeWay(inTheWay) {
      bodies.layDown();
      await clearTheWay(run, target, rolled, inTheWay);
      await bodies.takeUp();
    },
    async firstWaveStands(objects) {
      bodies.layDown();
      await verifyObjects(run, target, rolled, {
        ids: objects.map(({ id }) => id),
        watched: watchedIn(target.cluster.live),
      });
      await untilServed(run, target.cluster, rolled.plan.definedKinds);
      if (wanted.length > objects.length) await bodies.takeUp();
    },
  };
}

/** An object that is ours need not be asked about again until it changes; whether it is. */
function keepAsIs(run: Run, { object, before }: Kept): boolean {
  const { namespace = '', name } = run.set.metadata;
  if (before === undefined || !sameOwner(before.owner, ownerLabelsOf({ namespace, name }))) return false;
  printsOf(run).set(object.id, appliedPrint(object.digest, before.print));
  return true;
}

/** What was recorded and what is to come: nothing that may be on the cluster is ever missing from it. */
function unionOf(
  before: RecordedStage | undefined,
  { plan }: StageToRoll,
  changed: readonly PlannedObject[],
): ReadonlyMap<ObjectId, Entry> {
  const recorded = before?.entries ?? new Map<ObjectId, Entry>();
  const unrecorded = plan.objects.filter(({ id }) => !recorded.has(id));
  const bare = [...unrecorded, ...changed].map(({ id, apiVersion }) => [id, { id, v: apiVersion }] as const);
  return new Map([...recorded, ...bare]);
}
