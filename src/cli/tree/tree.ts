import type { StageSet, StageStatus } from '../../shared/api/types.ts';
import { readStageSet } from '../cluster/stage-sets.ts';
import type { ConnectionFlags } from '../connection/flags.ts';
import { type DataFormat, printData } from '../output/print-data.ts';
import { terminalOf } from '../output/terminal.ts';
import type { OwnedObject } from '../owned/owned-object.ts';
import { ownedObjects } from '../owned/owned-objects.ts';
import type { Reader } from '../owned/reader.ts';
import { type RecordedObject, recordedObjects } from '../owned/recorded-objects.ts';
import { withReader } from '../owned/with-reader.ts';
import { refuseUnknownStage } from '../stage-name.ts';
import { treeAsData } from './as-data.ts';
import { drawTree } from './draw.ts';

export interface TreeFlags extends ConnectionFlags {
  readonly stage?: readonly string[];
  readonly depth?: number;
  readonly output?: DataFormat;
}

export interface StageTree {
  readonly name: string;
  readonly status: StageStatus | undefined;
  readonly objects: readonly OwnedObject[];
}

export interface SetTree {
  readonly set: StageSet;
  readonly stages: readonly StageTree[];
  /** What the user may not read, in half a sentence each. */
  readonly unread: readonly string[];
}

export function tree(name: string, flags: TreeFlags): Promise<string> {
  return withReader(flags, async (cluster, reader) => {
    const set = await readStageSet(cluster, name);
    const found = await growTree(set, flags, reader);
    return flags.output === undefined
      ? drawTree(found, terminalOf(process.stdout))
      : printData(treeAsData(found), flags.output);
  });
}

async function growTree(set: StageSet, flags: TreeFlags, reader: Reader): Promise<SetTree> {
  const { depth = Number.POSITIVE_INFINITY } = flags;
  const recorded = depth > 1 ? await recordedHere(set, reader) : new Map<string, readonly RecordedObject[]>();
  const names = chosenStages(set, [...recorded.keys()], flags.stage);
  const { namespace = '', name } = set.metadata;
  const owner = { namespace, name };
  const look = { owner, reader, nowMs: Date.now(), descend: depth > 2 };
  const all = await ownedObjects(
    names.flatMap((stage) => recorded.get(stage) ?? []),
    look,
  );
  const byId = new Map(all.map((object) => [object.id, cutBelow(object, depth - 1)]));
  const stages = names.map((stage) => ({
    name: stage,
    status: set.status?.stages?.find((each) => each.name === stage),
    objects: (recorded.get(stage) ?? []).flatMap(({ id }) => byId.get(id) ?? []),
  }));
  return { set, stages, unread: reader.unread };
}

async function recordedHere(set: StageSet, reader: Reader): Promise<ReadonlyMap<string, readonly RecordedObject[]>> {
  if (set.spec.kubeConfig !== undefined) {
    reader.note('its objects are on the cluster that spec.kubeConfig leads to, which is not looked into');
    return new Map();
  }
  return (await recordedObjects(set, reader)) ?? new Map();
}

/** Those of the spec in its order, then those that have left it and still hold objects. */
function chosenStages(
  { spec }: StageSet,
  recorded: readonly string[],
  chosen: readonly string[] | undefined,
): readonly string[] {
  const inSpec = spec.stages.map(({ name }) => name);
  const known = [...inSpec, ...recorded.filter((name) => !inSpec.includes(name)).toSorted()];
  refuseUnknownStage(
    '--stage',
    chosen ?? [],
    known.map((name) => ({ name })),
  );
  return chosen === undefined ? known : known.filter((name) => chosen.includes(name));
}

function cutBelow(object: OwnedObject, levels: number): OwnedObject {
  const children = levels > 1 ? object.children.map((child) => cutBelow(child, levels - 1)) : [];
  return { ...object, children };
}
