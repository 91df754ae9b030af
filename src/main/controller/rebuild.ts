import { prunes } from '../../shared/api/defaults.ts';
import { keys } from '../../shared/labels.ts';
import { type ObjectId, parseObjectId } from '../../shared/objects/object-id.ts';
import type { Target } from '../apply/cluster.ts';
import { type Labelled, listLabelled } from '../apply/list-labelled.ts';
import type { RecordedStage } from '../inventory/recorded.ts';
import type { Entry } from '../inventory/shards.ts';
import { apiVersionOf } from '../kube/paths.ts';
import { isKept } from '../live/live-object.ts';
import type { StageToRoll } from './plans.ts';
import { ownerLabelsOfRun } from './who-deletes.ts';
import type { Run } from './world.ts';

/**
 * Where a stage has no inventory while objects live that carry this StageSet's labels (a restore from backup), they
 * are written into one. Looks at the kinds that are watched for this run, so it costs no request. Whether any
 * were found: then this run prunes nothing, for nobody knows yet what they are.
 */
export async function rebuildLost(run: Run, target: Target, stages: readonly StageToRoll[]): Promise<boolean> {
  const recorded = run.inventory.read(target.recordedAs);
  const { stages: inSpec } = run.set.spec;
  const has = (name: string) => recorded.some(({ stage }) => stage === name);
  if (inSpec.every(({ name }) => has(name))) return false;
  // A stage that is new has none yet, and what a `prune: false` has left to itself belongs in none.
  const hadOne = new Set((run.set.status?.stages ?? []).flatMap(({ name, shards = 0 }) => (shards > 0 ? [name] : [])));
  const isLost = (name: string) => !has(name) && (recorded.length === 0 || hadOne.has(name));
  const known = new Set([...recorded.flatMap(({ entries }) => [...entries.keys()]), ...renderedBy(stages)]);
  const found = target.cluster.live
    .ownedBy(ownerLabelsOfRun(run), run.key)
    .filter(({ id, keep, deleting }) => !known.has(id) && !keep && !deleting);
  const kept = new Set(inSpec.filter((stage) => !prunes(stage)).map(({ name }) => name));
  const lost = Map.groupBy(
    found.filter(({ stage }) => stage !== '' && !kept.has(stage) && isLost(stage)),
    ({ stage }) => stage,
  );
  for (const [stage, objects] of lost) {
    const at = { stage, position: positionOf(run, stage), target: target.recordedAs };
    const entries = new Map(run.inventory.recordedAt(at)?.entries);
    for (const { id } of objects) entries.set(id, { id, v: servedVersion(target, id) });
    await run.inventory.write(at, entries);
  }
  return lost.size > 0;
}

/**
 * The same for a teardown, which has no render to go by: `kubectl delete --cascade=foreground` lets the garbage
 * collector have the inventories before we could read them. Looks at all kinds there are, as the tenant, and only
 * where status tells of stages that the inventories do not.
 */
export async function findLost(
  run: Run,
  target: Target,
  recorded: readonly RecordedStage[],
): Promise<readonly RecordedStage[]> {
  if (!statusTellsOfMore(run)) return [];
  const { namespace, name } = ownerLabelsOfRun(run);
  const selector = `${keys.ownerName}=${name},${keys.ownerNamespace}=${namespace}`;
  const home = run.set.metadata.namespace ?? '';
  const found = await listLabelled(target, target.cluster.discovery.kinds(), selector, [home]);
  const known = new Set(recorded.flatMap(({ entries }) => [...entries.keys()]));
  const lost = found.filter(({ id, metadata }) => !known.has(id) && !isKept(metadata));
  return [...Map.groupBy(lost, ({ metadata }) => metadata.labels?.[keys.stage] ?? '')].map(([stage, objects]) => ({
    stage,
    position: positionOf(run, stage),
    target: target.recordedAs,
    shards: [],
    entries: entriesOf(objects),
  }));
}

/** The version it was written in is lost with the inventory: any will do to find it. */
function servedVersion({ cluster }: Target, id: ObjectId): string {
  const parts = parseObjectId(id);
  const resource = parts && cluster.discovery.find(parts);
  return resource === undefined ? '' : apiVersionOf(resource);
}

/** Of more shards than there are. */
export function statusTellsOfMore({ set, inventory }: Run): boolean {
  return (set.status?.stages ?? []).some(({ name, shards = 0 }) => inventory.shardCountOf(name) < shards);
}

/** One that left the spec goes before those that are in it. */
function positionOf({ set: { spec } }: Run, stage: string): number {
  const position = spec.stages.findIndex(({ name }) => name === stage);
  return position < 0 ? spec.stages.length : position;
}

function entriesOf(objects: readonly Labelled[]): ReadonlyMap<ObjectId, Entry> {
  return new Map(objects.map(({ id, apiVersion }) => [id, { id, v: apiVersion }]));
}

function renderedBy(stages: readonly StageToRoll[]): readonly ObjectId[] {
  return stages.flatMap(({ plan }) => plan.objects.map(({ id }) => id));
}
