import type { Reach } from '../../main/apply/cluster.ts';
import { accountOf } from '../../main/apply/cluster.ts';
import { type Deletion, deleteOwned, NotDeleted } from '../../main/apply/delete.ts';
import { mapped } from '../../main/apply/mapped.ts';
import { WIDTH } from '../../main/apply/send-apply.ts';
import { planPrune } from '../../main/inventory/plan-prune.ts';
import type { Entry } from '../../main/inventory/shards.ts';
import { deleteAs } from '../../main/inventory/target.ts';
import { isForbidden, isTransient } from '../../main/kube/errors.ts';
import { deleteObject } from '../../main/kube/requests.ts';
import { ownerLabelsOf } from '../../main/live/live-object.ts';
import { prunes } from '../../shared/api/defaults.ts';
import type { StageSet } from '../../shared/api/types.ts';
import { keys } from '../../shared/labels.ts';
import type { ObjectId } from '../../shared/objects/object-id.ts';
import { warn } from '../tell.ts';
import { nameOf } from './judge-change.ts';
import type { Recorded } from './recorded-stages.ts';
import type { Change } from './report.ts';

export interface LeftoverOptions {
  /** Stages that were asked for; all of them when absent. */
  readonly only: ReadonlySet<string> | undefined;
  readonly asTenant: boolean;
  readonly serverSide: boolean;
}

export interface Leftovers {
  readonly changes: readonly Change[];
  readonly objections: readonly string[];
}

/** What no stage renders any more and would be deleted for it, decided as the controller decides it. */
export async function leftovers(
  set: StageSet,
  reach: Reach,
  { stages, here }: Recorded,
  rendered: ReadonlySet<ObjectId>,
  { only, asTenant, serverSide }: LeftoverOptions,
): Promise<Leftovers> {
  const plan = planPrune({
    recorded: stages,
    here,
    stages: set.spec.stages.map((stage) => ({ name: stage.name, prunes: prunes(stage) })),
    rendered,
    forgets: set.metadata.annotations?.[keys.forgetTarget] === 'true',
  });
  if (rendered.size === 0 && plan.held > 0 && set.metadata.annotations?.[keys.allowEmpty] !== 'true') {
    const objection = `all stages together render nothing: would prune all ${plan.held} objects, unless the StageSet is annotated with ${keys.allowEmpty}=true`;
    return { changes: [], objections: [objection] };
  }
  for (const { stage } of plan.elsewhere) warn(`stage "${stage}" has objects on another cluster: they stay there`);
  const spec = { account: accountOf(set), namespace: set.metadata.namespace ?? '' };
  const doomed = [
    ...[...plan.doomed].map(([stage, entries]) => ({ stage, entries, as: [reach.as] as const })),
    ...plan.former.map(({ recorded, doomed: entries }) => ({
      stage: recorded.stage,
      entries,
      as: asTenant ? deleteAs(recorded.target.identity, spec) : [reach.as],
    })),
  ].filter(({ stage }) => only === undefined || only.has(stage));
  const going = doomed.flatMap(({ stage, entries, as }) => entries.map((entry) => ({ stage, entry, as: as[0] })));
  const owner = ownerLabelsOf({ namespace: spec.namespace, name: set.metadata.name });
  const remove: typeof deleteObject = serverSide
    ? (client, request) => deleteObject(client, { ...request, dryRun: true })
    : async () => {};
  const changes = await mapped(going, WIDTH, async ({ stage, entry, as }) => {
    const deletion = await deleteOwned({ ...reach, as }, { id: entry.id, apiVersion: entry.v }, owner, remove);
    return changeOf(stage, entry, deletion, asTenant);
  });
  return { changes: changes.flat().toSorted(byName), objections: [] };
}

function changeOf(stage: string, { id, v }: Entry, deletion: Deletion, asTenant: boolean): readonly Change[] {
  const object = nameOf(stage, { id, apiVersion: v });
  const pruned = { object, is: 'pruned', because: 'fell out of inventory' } as const;
  switch (deletion.is) {
    case 'gone':
    case 'left':
      return [];
    case 'deleting':
      return [pruned];
    case 'failed':
      if (isTransient(deletion.error)) throw deletion.error;
      if (!asTenant && lacksRight(deletion.error)) return [pruned];
      return [
        {
          object,
          is: 'refused',
          because: new NotDeleted([{ object: { id, apiVersion: v }, error: deletion.error }]).message,
        },
      ];
    default:
      return deletion satisfies never;
  }
}

/** Whoever looks may delete less than the controller may. A webhook's refusal is another matter. */
function lacksRight(error: unknown): boolean {
  return isForbidden(error) && / cannot \w+ resource /.test(error.message);
}

function byName({ object: a }: Change, { object: b }: Change): number {
  const text = ({ kind, namespace, name }: Change['object']) => JSON.stringify([namespace, kind, name]);
  return text(a) < text(b) ? -1 : 1;
}
