import { prunes } from '../../shared/api/defaults.ts';
import { type ObjectId, parseObjectId } from '../../shared/objects/object-id.ts';
import { waveOf } from '../../shared/objects/waves.ts';
import type { Target } from '../apply/cluster.ts';
import { deleteAll, NotDeleted } from '../apply/delete.ts';
import type { RecordedStage } from '../inventory/recorded.ts';
import type { Entry } from '../inventory/shards.ts';
import { isForbidden, LeaseLost } from '../kube/errors.ts';
import { during, Superseded } from '../outcome/outcome.ts';
import { mayHaveJobs, removeJobs } from './action-jobs.ts';
import { awaitGone } from './await-gone.ts';
import { connectTarget, onTarget } from './connect-target.ts';
import { endingNamespaces, homeEnds } from './ending-namespaces.ts';
import { removeFinalizer } from './finalizer.ts';
import { isHeldByUs, isItsNamespace } from './held-by-us.ts';
import { forgetSnapshots } from './keep-snapshots.ts';
import { failedTeardown, letGo, teardownLeftMs, type WhyForced, whyLetGo } from './let-go.ts';
import { named } from './named.ts';
import { showPhase } from './progress.ts';
import { forgets } from './prune-leftovers.ts';
import { findLost, statusTellsOfMore } from './rebuild.ts';
import { watchKindsOf } from './watch-kinds.ts';
import { deletersOf, ownerLabelsOfRun } from './who-deletes.ts';
import type { Run } from './world.ts';

/** What an attempt knows and has reached. */
interface Teardown {
  readonly run: Run;
  readonly target: Target;
  /** Their end takes along what is in them. */
  readonly ending: ReadonlySet<string>;
  /** A Forbidden is final: RoleBindings may go before we do. */
  readonly homeEnds: boolean;
  readonly left: Set<ObjectId>;
}

/**
 * Takes everything down that the StageSet put up: stages last first, within one what was applied last first, and
 * waits until each stage is gone before the next. Inventories go with their stage, then the finalizer. What cannot go
 * is tried again until `--max-teardown-wait` is over; then the StageSet goes without it.
 */
export async function tearDown(run: Run): Promise<void> {
  const left = new Set(run.inventory.entries().keys());
  const ends = await homeEnds(run);
  let forced: WhyForced | undefined;
  try {
    if (left.size > 0 || statusTellsOfMore(run)) await attempt(run, left, ends);
    else if (mayHaveJobs(run)) await removeJobsIfReached(run);
    if (left.size > 0) forced = 'Forbidden';
  } catch (error) {
    forced = whyLetGo(run, error, ends);
    if (forced === undefined) throw failedTeardown(run, error);
  }
  if (forced !== undefined) letGo(run, forced, [...left]);
  await forgetSnapshots(run);
  await run.inventory.removeAll();
  await removeFinalizer(run);
}

/** Where nothing was put up, it does not matter that there may be no way there any more. */
async function attempt(run: Run, left: Set<ObjectId>, ends: boolean): Promise<void> {
  const target = await connectTarget(run);
  await onTarget(run, async () => {
    if (mayHaveJobs(run)) await removeJobs(run, target, left);
    const recorded = run.inventory.read(target.recordedAs);
    const all = [...recorded, ...(await findLost(run, target, recorded))].toSorted((a, b) => b.position - a.position);
    for (const id of all.flatMap(({ entries }) => [...entries.keys()])) left.add(id);
    const ending = await endingNamespaces(run, target, all);
    await takeAllDown({ run, target, ending, homeEnds: ends, left }, all);
  });
}

/** Nothing else was put up: what these are worth is no reason to wait for a cluster that may be gone. */
async function removeJobsIfReached(run: Run): Promise<void> {
  try {
    const target = await connectTarget(run);
    await onTarget(run, () => removeJobs(run, target, []));
  } catch (error) {
    if (error instanceof LeaseLost || error instanceof Superseded) throw error;
    run.log.warn('Jobs of actions may be left', { error });
  }
}

async function takeAllDown(teardown: Teardown, all: readonly RecordedStage[]): Promise<void> {
  const { run, target } = teardown;
  const reachable = all.filter((stage) => deletersOf(run, target, stage).length > 0);
  await watchKindsOf(
    run,
    target.cluster,
    reachable.flatMap((stage) => doomedOf(teardown, stage).map(({ id, v }) => ({ id, apiVersion: v }))),
  );
  for (const stage of reachable) {
    await during(stage.stage, 'prune', () => takeDown(teardown, stage));
    await run.inventory.remove(stage);
  }
  for (const stage of all.filter((each) => !reachable.includes(each))) {
    await during(stage.stage, 'prune', () => forgetElsewhere(teardown, stage));
  }
}

async function takeDown(teardown: Teardown, recorded: RecordedStage): Promise<void> {
  const { run, target, left } = teardown;
  const doomed = doomedOf(teardown, recorded);
  const doomedIds = new Set(doomed.map(({ id }) => id));
  for (const id of recorded.entries.keys()) if (!doomedIds.has(id)) left.delete(id);
  const { live } = target.cluster;
  for (const wave of wavesLastFirst(doomed)) {
    const going = await deleteWave(teardown, recorded, wave);
    const held = going.filter((id) => live.get(id) !== undefined);
    try {
      if (held.length === 0) continue;
      showPhase(run, recorded.stage, 'Pruning', `waiting until ${named(held)} is gone`);
      await run.turn.whileParked('teardown', () => awaitGone(run, live, going, patienceMs(run)));
    } finally {
      for (const id of going) if (live.get(id) === undefined) left.delete(id);
    }
  }
}

function doomedOf({ run, ending, homeEnds }: Teardown, { stage, entries }: RecordedStage): readonly Entry[] {
  const spec = run.set.spec.stages.find(({ name }) => name === stage);
  if (spec !== undefined && !prunes(spec)) return [];
  const endsAnyway = (id: ObjectId) =>
    ending.has(parseObjectId(id)?.namespace ?? '') || (homeEnds && isItsNamespace(run.set, id));
  return [...entries.values()].filter(({ id }) => !endsAnyway(id));
}

/** Asks for all of them to go; returns those that may take a while, and do not wait for us in their turn. */
async function deleteWave(
  { run, target, homeEnds, left }: Teardown,
  recorded: RecordedStage,
  wave: readonly Entry[],
): Promise<readonly ObjectId[]> {
  const objects = wave.map(({ id, v }) => ({ id, apiVersion: v }));
  const deleters = deletersOf(run, target, recorded);
  const { deleting, failures } = await deleteAll(deleters, objects, ownerLabelsOfRun(run));
  const tryAgain = failures.filter(({ error }) => !(homeEnds && isForbidden(error)));
  const going = deleting.filter((id) => !isHeldByUs(run.set, id));
  const there = new Set([...going, ...failures.map(({ object }) => object.id)]);
  for (const { id } of wave) if (!there.has(id)) left.delete(id);
  if (tryAgain.length > 0) throw new NotDeleted(tryAgain);
  return going;
}

/** On a cluster that the spec does not lead to any more. */
async function forgetElsewhere({ run, left }: Teardown, recorded: RecordedStage): Promise<void> {
  if (!forgets(run)) {
    throw new Error(`${recorded.entries.size} objects are on a cluster that spec.kubeConfig does not lead to any more`);
  }
  for (const id of recorded.entries.keys()) left.delete(id);
  await run.inventory.remove(recorded);
}

const LAST_PATIENCE_MS = 30_000;

/** Until the time for the whole teardown is over, and a moment at least: it may have been over before we came. */
function patienceMs(run: Run): number {
  const { maxTeardownWaitMs } = run.world.settings;
  return Math.max(teardownLeftMs(run), Math.min(LAST_PATIENCE_MS, maxTeardownWaitMs));
}

function wavesLastFirst(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  const byWave = Map.groupBy(entries, ({ id }) => {
    const { group = '', kind = '', namespace = '' } = parseObjectId(id) ?? {};
    return waveOf({ group, kind, clusterScoped: namespace === '', definedHere: false });
  });
  return [...byWave].toSorted(([a], [b]) => b - a).map(([, wave]) => wave);
}
