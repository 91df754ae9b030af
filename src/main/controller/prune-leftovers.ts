import { prunes } from '../../shared/api/defaults.ts';
import { keys } from '../../shared/labels.ts';
import { type ObjectId, parseObjectId } from '../../shared/objects/object-id.ts';
import type { Target } from '../apply/cluster.ts';
import { deleteAll, type Failure, NotDeleted } from '../apply/delete.ts';
import { type FormerStage, type PrunePlan, planPrune } from '../inventory/plan-prune.ts';
import type { RecordedStage } from '../inventory/recorded.ts';
import type { Entry } from '../inventory/shards.ts';
import { StageError } from '../outcome/outcome.ts';
import { isSteady } from './drift.ts';
import { forgetAllBut } from './memory.ts';
import type { StageToRoll } from './plans.ts';
import { printsOf } from './prints.ts';
import { showPhase, showReadyAgain, showRecorded } from './progress.ts';
import { unrecordedMembers } from './unrecorded-members.ts';
import { deletersOf, ownerLabelsOfRun } from './who-deletes.ts';
import type { Run } from './world.ts';

/**
 * Deletes what no stage renders any more, stages that left the spec last first, and trims the inventories.
 * Promises: another owner's object stays; what could not go stays in the inventory.
 * Needs: every stage of this run applied.
 */
export async function pruneLeftovers(run: Run, target: Target, stages: readonly StageToRoll[]): Promise<void> {
  const rendered = new Set(stages.flatMap(({ plan }) => plan.objects.map(({ id }) => id)));
  if (stages.length === 0) return; // all are held back or left alone
  const built = new Set(stages.map(({ stage }) => stage.name));
  const standing = new Set(run.set.spec.stages.map(({ name }) => name).filter((name) => !built.has(name)));
  const plan = planPrune({
    recorded: run.inventory.read(target.recordedAs).filter(({ stage }) => !standing.has(stage)),
    here: target.recordedAs,
    stages: stages.map(({ stage }) => ({ name: stage.name, prunes: prunes(stage) })),
    rendered,
    forgets: forgets(run),
  });
  refuseToEmpty(run, plan, rendered);
  for (const rolled of stages.toReversed()) {
    await pruneStage(run, target, rolled, plan.doomed.get(rolled.stage.name) ?? [], rendered);
  }
  for (const former of plan.former) await dissolve(run, target, former);
  for (const stage of plan.elsewhere) tellOfElsewhere(run, stage);
  // More than there are would tell of some that were lost.
  for (const { stage } of stages) showRecorded(run, stage.name);
  forgetAllBut(run.memory, new Set(run.set.spec.stages.map(({ name }) => name)), rendered);
}

/** Trims without deleting: what was found again after a loss is for a later run to judge. */
export async function recordAll(run: Run, target: Target, stages: readonly StageToRoll[]): Promise<void> {
  for (const rolled of stages) {
    const recorded = run.inventory.recordedAt({ stage: rolled.stage.name, target: target.recordedAs });
    await trim(run, target, rolled, [...(recorded?.entries.values() ?? [])]);
  }
}

/** Deleting is never a side effect of being empty. */
export function refuseToEmpty(run: Run, { held }: PrunePlan, rendered: ReadonlySet<ObjectId>): void {
  if (rendered.size > 0 || held === 0 || run.set.metadata.annotations?.[keys.allowEmpty] === 'true') return;
  const message = `all stages together render nothing: would prune all ${held} objects; if that is meant, annotate the StageSet with ${keys.allowEmpty}=true`;
  throw new StageError(run.set.spec.stages[0]?.name ?? '', 'prune', new Error(message));
}

export async function pruneStage(
  run: Run,
  target: Target,
  rolled: StageToRoll,
  leftovers: readonly Entry[],
  rendered: ReadonlySet<ObjectId>,
): Promise<void> {
  const { stage } = rolled;
  const members = prunes(stage) ? await unrecordedMembers(run, target, stage.name) : [];
  const doomed = [...leftovers, ...members.filter(({ id }) => !rendered.has(id))];
  if (doomed.length > 0) showPhase(run, stage.name, 'Pruning', `pruning ${doomed.length} objects`);
  const { remaining, error } = await deleteEntries(run, [target], doomed);
  await trim(run, target, rolled, remaining);
  if (error !== undefined) throw new StageError(stage.name, 'prune', error);
  if (doomed.length > 0) showReadyAgain(run, rolled);
}

/** Leaves in the stage's inventory what it renders, with the prints of its last apply, and these. */
async function trim(run: Run, target: Target, rolled: StageToRoll, remaining: readonly Entry[]): Promise<void> {
  const { stage, position, plan } = rolled;
  const kept = plan.objects.map(({ id, apiVersion, sensitive }): Entry => {
    const p = sensitive ? undefined : printsOf(run).get(id);
    return { id, v: apiVersion, ...(p === undefined ? {} : { p }) };
  });
  const entries = new Map([...remaining, ...kept].map((entry) => [entry.id, entry]));
  await run.inventory.write({ stage: stage.name, position, target: target.recordedAs }, entries);
}

async function dissolve(run: Run, target: Target, { recorded, doomed }: FormerStage): Promise<void> {
  const { remaining, error } = await deleteEntries(run, deletersOf(run, target, recorded), doomed);
  if (error !== undefined) {
    await run.inventory.write(recorded, new Map(remaining.map((entry) => [entry.id, entry])));
    throw new StageError(recorded.stage, 'prune', error);
  }
  await run.inventory.remove(recorded);
}

export function forgets({ set }: Run): boolean {
  return set.metadata.annotations?.[keys.forgetTarget] === 'true';
}

/** A steady run tells nothing that was not told before. */
function tellOfElsewhere(run: Run, { stage, entries }: RecordedStage): void {
  if (isSteady(run)) return;
  const note = `stage "${stage}": ${entries.size} objects are on the cluster that it was applied to before, and stay there; they are dealt with when spec.kubeConfig leads there again, or forgotten with the annotation ${keys.forgetTarget}=true`;
  run.world.events.record(run.set, { type: 'Warning', reason: 'TargetChanged', note });
}

interface Deleted {
  readonly remaining: readonly Entry[];
  readonly error: NotDeleted | undefined;
}

/** Together, but for what holds others: CRDs and Namespaces go when the rest has been asked to go. */
async function deleteEntries(run: Run, deleters: readonly Target[], doomed: readonly Entry[]): Promise<Deleted> {
  const failures: Failure[] = [];
  const { holders = [], rest = [] } = Object.groupBy(doomed, (entry) => (holdsOthers(entry) ? 'holders' : 'rest'));
  for (const group of [rest, holders]) {
    const objects = group.map(({ id, v }) => ({ id, apiVersion: v }));
    failures.push(...(await deleteAll(deleters, objects, ownerLabelsOfRun(run))).failures);
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
