import { prunes } from '../../shared/api/defaults.ts';
import { describeObjectId, type ObjectId, parseObjectId } from '../../shared/objects/object-id.ts';
import { waveOf } from '../../shared/objects/waves.ts';
import { deadlineIn } from '../../shared/time/deadline.ts';
import type { Target } from '../apply/cluster.ts';
import { deleteOwned, NotDeleted } from '../apply/delete.ts';
import { mapped } from '../apply/mapped.ts';
import { WIDTH } from '../apply/send-apply.ts';
import type { RecordedStage } from '../inventory/recorded.ts';
import type { Entry } from '../inventory/shards.ts';
import { ownerLabelsOf } from '../live/live-object.ts';
import type { LiveView } from '../live/live-view.ts';
import { during } from '../outcome/outcome.ts';
import { connectTarget, onTarget } from './connect-target.ts';
import { removeFinalizer } from './finalizer.ts';
import { showPhase } from './progress.ts';
import { watchKindsOf } from './watch-kinds.ts';
import type { Run } from './world.ts';

/**
 * Takes everything down that the StageSet put up: stages last first, within one what was applied last first, and
 * waits until each stage is gone before the next. Inventories go with their stage, then the finalizer.
 */
export async function tearDown(run: Run): Promise<void> {
  const recorded = [...run.inventory.read().values()];
  const stuckForMs = run.world.clock.wallMs() - Date.parse(run.set.metadata.deletionTimestamp ?? '');
  const leftMs = run.world.settings.maxTeardownWaitMs - stuckForMs;
  if (leftMs <= 0) return await giveUp(run, recorded);
  await takeAllDown(run, recorded, leftMs);
  await removeFinalizer(run);
}

/** Where nothing was put up, it does not matter that there may be no way there any more. */
async function takeAllDown(run: Run, recorded: readonly RecordedStage[], withinMs: number): Promise<void> {
  if (recorded.length === 0) return;
  const target = await connectTarget(run);
  await watchKindsOf(run, target.cluster, recorded.flatMap(entriesOf));
  await onTarget(run, async () => {
    for (const stage of recorded.toSorted((a, b) => b.position - a.position)) {
      await during(stage.stage, 'prune', () => takeDown(run, target, stage, withinMs));
      await run.inventory.remove(stage);
    }
  });
}

async function takeDown(run: Run, target: Target, recorded: RecordedStage, withinMs: number): Promise<void> {
  const spec = run.set.spec.stages.find((stage) => stage.name === recorded.stage);
  if (spec !== undefined && !prunes(spec)) return;
  for (const wave of wavesLastFirst([...recorded.entries.values()])) {
    const doomed = await deleteWave(run, target, wave);
    const { live } = target.cluster;
    const held = doomed.filter((id) => live.get(id) !== undefined);
    if (held.length > 0) {
      showPhase(run, recorded.stage, 'Pruning', `waiting until ${named(held)} is gone`);
      await run.turn.whileParked('teardown', () => awaitGone(run, live, doomed, withinMs));
    }
  }
}

/** Asks for all of them to go; returns those that may take a while. */
async function deleteWave(run: Run, target: Target, wave: readonly Entry[]): Promise<readonly ObjectId[]> {
  const owner = ownerLabelsOf({ namespace: run.set.metadata.namespace ?? '', name: run.set.metadata.name });
  const results = await mapped(wave, WIDTH, async ({ id, v }) => {
    const object = { id, apiVersion: v };
    return { object, deletion: await deleteOwned(target, object, owner) };
  });
  const failures = results.flatMap(({ object, deletion }) =>
    deletion.is === 'failed' ? [{ object, error: deletion.error }] : [],
  );
  if (failures.length > 0) throw new NotDeleted(failures);
  return results.flatMap(({ object, deletion }) => (deletion.is === 'deleting' ? [object.id] : []));
}

async function awaitGone(run: Run, live: LiveView, ids: readonly ObjectId[], withinMs: number): Promise<void> {
  const stillThere = () => ids.filter((id) => live.get(id) !== undefined);
  const timeUp = () => new Error(`still being deleted: ${named(stillThere())}`);
  using deadline = deadlineIn(withinMs, { clock: run.world.clock, unless: run.superseded, timeUp });
  await new Promise<void>((resolve, reject) => {
    const stop = live.subscribe(ids, () => {
      if (stillThere().length > 0) return;
      stop();
      resolve();
    });
    const aborted = () => {
      stop();
      reject(deadline.signal.reason);
    };
    deadline.signal.addEventListener('abort', aborted, { once: true });
    if (stillThere().length === 0) {
      stop();
      resolve();
    }
  });
}

function wavesLastFirst(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  const byWave = Map.groupBy(entries, ({ id }) => {
    const { group = '', kind = '', namespace = '' } = parseObjectId(id) ?? {};
    return waveOf({ group, kind, clusterScoped: namespace === '', definedHere: false });
  });
  return [...byWave].toSorted(([a], [b]) => b - a).map(([, wave]) => wave);
}

function entriesOf({ entries }: RecordedStage): readonly { readonly id: ObjectId; readonly apiVersion: string }[] {
  return [...entries.values()].map(({ id, v }) => ({ id, apiVersion: v }));
}

/** Waiting longer would wedge the namespace: says what is left behind and lets the StageSet go. */
async function giveUp(run: Run, recorded: readonly RecordedStage[]): Promise<void> {
  const orphans = recorded.flatMap((stage) => [...stage.entries.keys()]);
  run.world.events.record(run.set, {
    type: 'Warning',
    reason: 'TeardownForced',
    note: `teardown took longer than --max-teardown-wait; left behind: ${named(orphans)}`,
  });
  run.world.metrics.teardownForced(run.set, 'Timeout');
  for (const stage of recorded) await run.inventory.remove(stage);
  await removeFinalizer(run);
}

function named(ids: readonly ObjectId[]): string {
  const shown = ids.slice(0, 10).map(describeObjectId).join(', ');
  return ids.length > 10 ? `${shown} and ${ids.length - 10} more` : shown;
}
