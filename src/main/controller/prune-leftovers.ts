import { prunes } from '../../shared/api/defaults.ts';
import { keys } from '../../shared/labels.ts';
import { type ObjectId, parseObjectId } from '../../shared/objects/object-id.ts';
import type { Target } from '../apply/cluster.ts';
import { deleteOwned, NotDeleted } from '../apply/delete.ts';
import { mapped } from '../apply/mapped.ts';
import { WIDTH } from '../apply/send-apply.ts';
import type { RecordedStage } from '../inventory/recorded.ts';
import type { Entry } from '../inventory/shards.ts';
import { ownerLabelsOf } from '../live/live-object.ts';
import { StageError } from '../outcome/outcome.ts';
import { forgetAllBut } from './memory.ts';
import type { StageToRoll } from './plans.ts';
import { printsOf } from './prints.ts';
import { showPhase, showReadyAgain } from './progress.ts';
import type { Run } from './world.ts';

/**
 * Deletes what no stage renders any more, stages that left the spec last first, and trims the inventories.
 * Promises: another owner's object stays; what could not go stays in the inventory.
 * Needs: every stage of this run applied.
 */
export async function pruneLeftovers(run: Run, target: Target, stages: readonly StageToRoll[]): Promise<void> {
  const recorded = run.inventory.read();
  const rendered = new Set(stages.flatMap(({ plan }) => plan.objects.map(({ id }) => id)));
  refuseToEmpty(run, recorded.values(), rendered);
  for (const rolled of stages.toReversed()) {
    await pruneStage(run, target, rolled, recorded.get(rolled.stage.name), rendered);
  }
  const names = new Set(stages.map(({ stage }) => stage.name));
  const removed = [...recorded.values()].filter(({ stage }) => !names.has(stage));
  for (const stage of removed.toSorted((a, b) => b.position - a.position)) {
    await removeStage(run, target, stage, rendered);
  }
  forgetAllBut(run.memory, names, rendered);
}

/** Deleting is never a side effect of being empty. */
function refuseToEmpty(run: Run, recorded: Iterable<RecordedStage>, rendered: ReadonlySet<ObjectId>): void {
  const held = [...recorded].reduce((sum, { entries }) => sum + entries.size, 0);
  if (rendered.size > 0 || held === 0 || run.set.metadata.annotations?.[keys.allowEmpty] === 'true') return;
  const message = `all stages together render nothing: would prune all ${held} objects; if that is meant, annotate the StageSet with ${keys.allowEmpty}=true`;
  throw new StageError(run.set.spec.stages[0]?.name ?? '', 'prune', new Error(message));
}

async function pruneStage(
  run: Run,
  target: Target,
  rolled: StageToRoll,
  recorded: RecordedStage | undefined,
  rendered: ReadonlySet<ObjectId>,
): Promise<void> {
  const { stage, position, plan } = rolled;
  const leftovers = [...(recorded?.entries.values() ?? [])].filter(({ id }) => !rendered.has(id));
  const doomed = prunes(stage) ? leftovers : [];
  if (doomed.length > 0) showPhase(run, stage.name, 'Pruning', `pruning ${doomed.length} objects`);
  const { remaining, error } = await deleteAll(run, target, doomed);
  const kept = plan.objects.map(({ id, apiVersion, sensitive }): Entry => {
    const p = sensitive ? undefined : printsOf(run).get(id);
    return { id, v: apiVersion, ...(p === undefined ? {} : { p }) };
  });
  await run.inventory.write(stage.name, position, new Map([...kept, ...remaining].map((entry) => [entry.id, entry])));
  if (error !== undefined) throw new StageError(stage.name, 'prune', error);
  if (doomed.length > 0) showReadyAgain(run, rolled);
}

async function removeStage(
  run: Run,
  target: Target,
  recorded: RecordedStage,
  rendered: ReadonlySet<ObjectId>,
): Promise<void> {
  const doomed = [...recorded.entries.values()].filter(({ id }) => !rendered.has(id));
  const { remaining, error } = await deleteAll(run, target, doomed);
  if (error !== undefined) {
    await run.inventory.write(recorded.stage, recorded.position, new Map(remaining.map((entry) => [entry.id, entry])));
    throw new StageError(recorded.stage, 'prune', error);
  }
  await run.inventory.remove(recorded);
}

interface Deleted {
  readonly remaining: readonly Entry[];
  readonly error: NotDeleted | undefined;
}

/** Together, but for what holds others: CRDs and Namespaces go when the rest has been asked to go. */
async function deleteAll(run: Run, target: Target, doomed: readonly Entry[]): Promise<Deleted> {
  const owner = ownerLabelsOf({ namespace: run.set.metadata.namespace ?? '', name: run.set.metadata.name });
  const failures: {
    readonly object: { readonly id: ObjectId; readonly apiVersion: string };
    readonly error: unknown;
  }[] = [];
  const { holders = [], rest = [] } = Object.groupBy(doomed, (entry) => (holdsOthers(entry) ? 'holders' : 'rest'));
  for (const group of [rest, holders]) {
    await mapped(group, WIDTH, async ({ id, v }) => {
      const object = { id, apiVersion: v };
      const deletion = await deleteOwned(target, object, owner);
      if (deletion.is === 'failed') failures.push({ object, error: deletion.error });
    });
  }
  const failed = new Set(failures.map(({ object }) => object.id));
  return {
    remaining: doomed.filter(({ id }) => failed.has(id)),
    error: failures.length === 0 ? undefined : new NotDeleted(failures),
  };
}

function holdsOthers({ id }: Entry): boolean {
  const kind = parseObjectId(id)?.kind;
  return kind === 'Namespace' || kind === 'CustomResourceDefinition';
}
