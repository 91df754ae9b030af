import type { HealthExpr, ObjectTarget, Stage } from '../../shared/api/types.ts';
import { keys } from '../../shared/labels.ts';
import { groupOf, versionOf } from '../../shared/objects/object.ts';
import { type ObjectId, type ObjectIdParts, parseObjectId } from '../../shared/objects/object-id.ts';
import type { PlannedObject } from '../../shared/protocol/tasks.ts';
import type { Discovery } from '../kube/discovery.ts';
import type { AwaitedGroup } from '../live/awaited-group.ts';
import { idsOf } from '../live/awaited-objects.ts';
import type { OwnerLabels } from '../live/live-object.ts';

/** What has to be ready for a stage to be. */
export interface WhatToAwait {
  readonly ids: readonly ObjectId[];
  /** Those of them that the watches of applied objects do not tell of, or not by the right rules. */
  readonly apart: readonly AwaitedGroup[];
}

export interface AwaitingStage {
  readonly stage: Stage;
  /** Without what it has left to others. */
  readonly applied: readonly Pick<PlannedObject, 'id'>[];
  readonly owner: OwnerLabels;
  /** Of the StageSet: where checks lie that name no other. */
  readonly namespace: string;
  readonly discovery: Pick<Discovery, 'lookUp'>;
}

/**
 * Every object that the stage applied, by kstatus; `checks` name others in their place. Kinds that `exprs` name are
 * judged by those, and of them everything applied counts, named by a check or not.
 */
export async function whatToAwait(awaiting: AwaitingStage): Promise<WhatToAwait> {
  const { stage } = awaiting;
  const exprs = firstOfEachKind(stage.readyChecks?.exprs ?? []);
  const exprOf = ({ group, kind }: Pick<ObjectIdParts, 'group' | 'kind'>) => exprs.get(`${group}/${kind}`);
  const applied = awaiting.applied.flatMap(({ id }) => withParts(id));
  const custom = applied.filter((object) => exprOf(object) !== undefined);
  const usual = applied.filter((object) => exprOf(object) === undefined).map(({ id }) => id);
  const checks = stage.readyChecks?.checks ?? [];

  const apart = groupsOf(custom, exprOf, awaiting);
  const awaited = new Set(apart.flatMap(idsOf));
  if (checks.length === 0) return { ids: [...usual, ...awaited], apart };

  const ours = new Set(usual);
  for (const check of checks) {
    const group = await groupOfCheck(check, awaiting, exprOf);
    const [id] = idsOf(group);
    if (id === undefined || awaited.has(id)) continue;
    awaited.add(id);
    if (!ours.has(id)) apart.push(group);
  }
  return { ids: [...awaited], apart };
}

type ExprOf = (kind: Pick<ObjectIdParts, 'group' | 'kind'>) => HealthExpr | undefined;
type Parts = ObjectIdParts & { readonly id: ObjectId };

/** As in Flux, whatever version each is written for. */
function firstOfEachKind(exprs: readonly HealthExpr[]): ReadonlyMap<string, HealthExpr> {
  return new Map(exprs.toReversed().map((expr) => [`${groupOf(expr.apiVersion)}/${expr.kind}`, expr]));
}

function withParts(id: ObjectId): readonly Parts[] {
  const parts = parseObjectId(id);
  return parts === undefined ? [] : [{ ...parts, id }];
}

/** One for each kind and namespace, read in the version that the expressions are written for. */
function groupsOf(objects: readonly Parts[], exprOf: ExprOf, { owner, stage }: AwaitingStage): AwaitedGroup[] {
  const labelSelector = `${keys.ownerNamespace}=${owner.namespace},${keys.ownerName}=${owner.name},${keys.stage}=${stage.name}`;
  const places = Map.groupBy(objects, ({ group, kind, namespace }) => `${group}/${kind}/${namespace}`);
  return [...places.values()].flatMap(([first, ...others]) => {
    const exprs = first === undefined ? undefined : exprOf(first);
    if (first === undefined || exprs === undefined) return [];
    const { kind, namespace } = first;
    const names = [first, ...others].map(({ name }) => name);
    return [
      { apiVersion: exprs.apiVersion, kind, namespace, names, exprs, ...(others.length > 0 && { labelSelector }) },
    ];
  });
}

/** Whether its kind has namespaces is looked up; of one that is not installed nobody knows, and it has time to come. */
async function groupOfCheck(check: ObjectTarget, awaiting: AwaitingStage, exprOf: ExprOf): Promise<AwaitedGroup> {
  const { kind, name } = check;
  const group = groupOf(check.apiVersion);
  const exprs = exprOf({ group, kind });
  const apiVersion = exprs?.apiVersion ?? check.apiVersion;
  const resource = await awaiting.discovery.lookUp({ group, kind, version: versionOf(apiVersion) });
  const namespace = resource?.namespaced === false ? '' : (check.namespace ?? awaiting.namespace);
  return { apiVersion, kind, namespace, names: [name], ...(exprs !== undefined && { exprs }) };
}
