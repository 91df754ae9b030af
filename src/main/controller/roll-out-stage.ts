import { stageTimeoutMs } from '../../shared/api/defaults.ts';
import type { ObjectId } from '../../shared/objects/object-id.ts';
import type { PlannedObject } from '../../shared/protocol/tasks.ts';
import { parseDurationMs } from '../../shared/time/duration.ts';
import { type Applied, applyWaves } from '../apply/apply-waves.ts';
import type { Target } from '../apply/cluster.ts';
import { changedObjects } from '../apply/decide.ts';
import { validateAll } from '../apply/dry-run.ts';
import type { BodyOf } from '../apply/send-apply.ts';
import { awaitSettled, judgeReadiness, NotReady, type Verdict, waitingText } from '../apply/verify.ts';
import type { Entry } from '../inventory/shards.ts';
import { deadlineIn } from '../kube/deadline.ts';
import { type LiveObject, ownerLabelsOf } from '../live/live-object.ts';
import { appliedPrint } from '../live/ownership-print.ts';
import { during } from '../outcome/outcome.ts';
import { countDrift } from './drift.ts';
import { kindsOf, planOf, type StageToRoll } from './plans.ts';
import { showPhase, showReady } from './progress.ts';
import type { Run } from './world.ts';

/** Brings one stage onto the cluster and waits until it is ready. Throws a StageError, or Superseded. */
export async function rollOutStage(run: Run, target: Target, rolled: StageToRoll): Promise<void> {
  const { stage, plan } = rolled;
  const { live } = target.cluster;
  const owner = ownerLabelsOf({ namespace: run.set.metadata.namespace ?? '', name: run.set.metadata.name });
  const known = { live: (id: ObjectId) => live.get(id), printOf: (id: ObjectId) => printsOf(run).get(id) };

  const changed = changedObjects(plan, known, owner);
  if (changed.length > 0) await during(stage.name, 'apply', () => applyStage(run, target, rolled, changed));
  if (stage.readyChecks?.disableWait !== true)
    await during(stage.name, 'verify', () => verifyStage(run, target, rolled));
  run.memory.startedAtMs.delete(stage.name);
  showReady(run, rolled);
}

async function applyStage(run: Run, target: Target, rolled: StageToRoll, changed: readonly PlannedObject[]) {
  const { stage, position, plan } = rolled;
  const { bodies } = await planOf(run, rolled.job);
  const bodyOf: BodyOf = ({ offset, length }) => new Uint8Array(bodies, offset, length);
  const definedKinds = new Set(plan.definedKinds.map(({ group, kind }) => `${group}/${kind}`));
  showPhase(run, stage.name, 'Applying', `applying ${changed.length} of ${plan.objects.length} objects`);

  const deferred = await validateAll(target, changed, bodyOf, definedKinds);
  run.superseded.throwIfAborted();
  // Before the first write: a crash half way through must not forget what prune has to know.
  await run.inventory.write(stage.name, position, unionOf(run, rolled));
  startClock(run, rolled);
  const applied: Applied[] = [];
  await applyWaves(target, changed, deferred, bodyOf, {
    onApplied(result) {
      printsOf(run).set(result.object.id, appliedPrint(result.object.digest, result.print));
      applied.push(result);
    },
    async firstWaveStands(objects) {
      await verifyObjects(
        run,
        target,
        rolled,
        objects.map(({ id }) => id),
      );
      if (definedKinds.size > 0) await target.cluster.discovery.refresh();
      await target.cluster.live.need(run.key, kindsOf(run, plan.objects));
    },
  });
  countDrift(run, stage.name, applied);
}

/** What was recorded and what is to come: nothing that may be on the cluster is ever missing from it. */
function unionOf(run: Run, { stage, plan }: StageToRoll): ReadonlyMap<ObjectId, Entry> {
  const union = new Map(run.inventory.read().get(stage.name)?.entries);
  for (const { id, apiVersion } of plan.objects) if (!union.has(id)) union.set(id, { id, v: apiVersion });
  return union;
}

/** Filled from the inventory after a restart, which has all but those of sensitive objects. */
export function printsOf(run: Run): Map<ObjectId, string> {
  run.memory.prints ??= new Map(
    [...run.inventory.read().values()].flatMap(({ entries }) =>
      [...entries.values()].flatMap(({ id, p }) => (p === undefined ? [] : [[id, p] as const])),
    ),
  );
  return run.memory.prints;
}

function verifyStage(run: Run, target: Target, rolled: StageToRoll): Promise<void> {
  const ids = rolled.plan.objects.filter(({ ssa }) => ssa !== 'Ignore').map(({ id }) => id);
  return verifyObjects(run, target, rolled, ids);
}

async function verifyObjects(run: Run, target: Target, rolled: StageToRoll, ids: readonly ObjectId[]): Promise<void> {
  const { live } = target.cluster;
  const verdict = judgeReadiness(ids, live);
  if (verdict.is === 'ready') return;
  if (verdict.is === 'failed') throw new NotReady(verdict);
  showPhase(run, rolled.stage.name, 'Verifying', waitingText(verdict.waitingFor));

  const timeoutMs = verifyTimeoutMs(run, rolled);
  const leftMs = timeoutMs - (run.world.clock.elapsedMs() - startClock(run, rolled));
  const settled = await run.turn.whileParked('readiness', () => settledWithin(run, target, ids, leftMs));
  if (settled.is === 'ready') return;
  run.memory.startedAtMs.delete(rolled.stage.name);
  throw new NotReady(settled, timeoutMs);
}

/** The verdict when the last is ready or the first has failed; when time is up, what it is then. */
async function settledWithin(run: Run, target: Target, ids: readonly ObjectId[], ms: number): Promise<Verdict> {
  const { live } = target.cluster;
  const timeUp = new Error('time is up');
  using deadline = deadlineIn(Math.max(ms, 0), {
    clock: run.world.clock,
    unless: run.superseded,
    timeUp: () => timeUp,
  });
  try {
    return await awaitSettled(ids, live, deadline.signal);
  } catch (error) {
    if (error !== timeUp) throw error;
    return judgeReadiness(ids, live);
  }
}

function verifyTimeoutMs(run: Run, { stage }: StageToRoll): number {
  const own = stage.readyChecks?.timeout;
  return (own === undefined ? undefined : parseDurationMs(own)) ?? stageTimeoutMs(run.set.spec, stage);
}

/** A stage's time begins with its first apply, once for each plan: a run that is superseded by its like does not reset it. */
function startClock(run: Run, { stage, plan }: StageToRoll): number {
  const started = run.memory.startedAtMs.get(stage.name);
  if (started?.planDigest === plan.digest) return started.elapsedMs;
  const elapsedMs = run.world.clock.elapsedMs();
  run.memory.startedAtMs.set(stage.name, { planDigest: plan.digest, elapsedMs });
  return elapsedMs;
}

/** What the print of an object would be if it stood as our apply of this body left it. */
export function printOfLive(live: LiveObject | undefined, bodyDigest: string): string | undefined {
  return live === undefined ? undefined : appliedPrint(bodyDigest, live.print);
}
