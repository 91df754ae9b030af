import type { Hook } from '../../shared/api/types.ts';
import { type ObjectId, parseObjectId } from '../../shared/objects/object-id.ts';
import type { PlannedObject } from '../../shared/protocol/tasks.ts';
import type { Ledger } from '../actions/ledger.ts';
import type { Means } from '../actions/run-actions.ts';
import type { Attempt } from '../actions/verb.ts';
import { accountOf, type Target } from '../apply/cluster.ts';
import { clusterData } from '../build/cluster-data.ts';
import { appliedPrint, ownershipPrint } from '../live/ownership-print.ts';
import { printsOf } from './prints.ts';
import { digestNow, rendererFor } from './render-action.ts';
import type { Run } from './world.ts';

/** Where in a run actions stand: before or after the apply of the stage at this position. */
export interface Standing {
  readonly position: number;
  readonly hook: Hook;
}

/** What the actions of one list work with. */
export function meansFor(run: Run, target: Target, standing: Standing, ledger: Ledger): Means {
  const { set, world, memory, superseded, deleted, turn, log } = run;
  const stage = set.spec.stages[standing.position];
  if (stage === undefined) throw new Error(`there is no stage ${standing.position}`);
  const { namespace = '' } = set.metadata;
  return {
    ledger,
    verbs: world.verbs,
    tries: memory.tries,
    superseded,
    deleted,
    render: rendererFor(run, target, stage),
    sourceOf: ({ job, apply }) => digestNow(run, job ?? apply),
    owner: set.metadata.uid ?? '',
    namespace,
    readData: clusterData({ client: world.cluster.client, namespace, as: accountOf(set), signal: superseded }),
    target,
    clock: world.clock,
    log,
    park: (waitingFor, wait) => turn.whileParked(waitingFor, wait),
    isSensitive: (id) => parseObjectId(id)?.kind === 'Secret' || plannedIn(run, id)?.object.sensitive === true,
    beforeWrite: besidesApply(run, target, standing),
    standsAs: (id) => {
      const planned = plannedIn(run, id);
      const isKnown = planned !== undefined && isApplied(planned, standing) && stands(run, target, planned.object);
      return isKnown && !planned.object.sensitive ? planned.object.digest : undefined;
    },
  };
}

/**
 * Actions and applies count in their order, the last one wins. What a stage applies after this action it applies in
 * full; what was applied before it stays as the action has left it, until that object's manifest changes or somebody
 * else changes the object: else drift correction would undo at once what the action was asked to do.
 */
function besidesApply(run: Run, target: Target, standing: Standing): Attempt['beforeWrite'] {
  /** Also when this is the second try, and nobody has heard of what the first has done. */
  const stood = new Set<ObjectId>();
  return (resource, id) => {
    const planned = plannedIn(run, id);
    if (planned === undefined) return async () => {};
    // Asked now: the watch may be quicker than the answer.
    if (isApplied(planned, standing) && stands(run, target, planned.object)) stood.add(id);
    return async (left) => {
      if (left === undefined || !stood.has(id)) {
        printsOf(run).delete(id);
        return;
      }
      const { live } = target.cluster;
      live.observe(resource, left);
      printsOf(run).set(id, appliedPrint(planned.object.digest, ownershipPrint(left, live.isOverridden)));
      await recordPrint(run, target, planned);
    };
  };
}

interface Planned {
  readonly stage: string;
  readonly position: number;
  readonly object: PlannedObject;
}

/** The object of a stage of this StageSet, if it is one. */
function plannedIn({ set, memory }: Run, id: ObjectId): Planned | undefined {
  for (const [position, { name: stage }] of set.spec.stages.entries()) {
    const object = memory.builds.get(stage)?.summary.objects.find((each) => each.id === id);
    if (object !== undefined) return { stage, position, object };
  }
  return undefined;
}

function isApplied(planned: Planned, { position, hook }: Standing): boolean {
  return planned.position < position || (planned.position === position && hook !== 'pre');
}

/** Just before the action it was as we had applied it: what is different now is the action's doing. */
function stands(run: Run, { cluster }: Target, { id, digest }: PlannedObject): boolean {
  const before = cluster.live.standing(id);
  return before !== undefined && printsOf(run).get(id) === appliedPrint(digest, before.print);
}

/** Before the ledger says that it is done: after a crash between the two nothing would do it again. */
async function recordPrint(run: Run, target: Target, { stage, position, object }: Planned): Promise<void> {
  const at = { stage, position, target: target.recordedAs };
  const recorded = run.inventory.recordedAt(at)?.entries;
  const p = printsOf(run).get(object.id);
  if (recorded === undefined || p === undefined || object.sensitive) return;
  await run.inventory.write(at, new Map([...recorded, [object.id, { id: object.id, v: object.apiVersion, p }]]));
}
