import { stageSetResource } from '../../main/kube/own-kinds.ts';
import { actionsOf } from '../../main/source/pin-sources.ts';
import { pathOf, sourceRefOf } from '../../shared/api/defaults.ts';
import { GROUP } from '../../shared/api/group.ts';
import type { StageSet } from '../../shared/api/types.ts';
import { keys, labelValue } from '../../shared/labels.ts';
import { groupOf, type KubeObject } from '../../shared/objects/object.ts';
import { objectIdOf } from '../../shared/objects/object-id.ts';
import type { Reader } from '../owned/reader.ts';
import { recordedObjects } from '../owned/recorded-objects.ts';
import type { OwnerChain } from './owner-of.ts';

/** What is known of where an object comes from, as `-o json` prints it. */
export interface Traced {
  readonly object: Named;
  /** What owns it, up to what a stage has put up. */
  readonly through?: readonly Named[];
  /** Absent: no StageSet owns it. */
  readonly origin?: Origin;
  /** Why not, where labels name one. */
  readonly remark?: string;
}

export interface Named {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

export interface Origin {
  readonly stageSet: { readonly namespace: string; readonly name: string };
  readonly stage?: string;
  /** Of its stage. */
  readonly phase?: string;
  /** Of a Job that an action made. */
  readonly action?: string;
  readonly revision?: string;
  readonly source?: Named & { readonly path: string };
  /** When the controller's apply last changed something of it. */
  readonly lastApplied?: string;
  /** False: no inventory of the StageSet has it, so that it will not be pruned; absent: they may not be read. */
  readonly recorded?: boolean;
}

export async function originOf(object: KubeObject, { through, top }: OwnerChain, reader: Reader): Promise<Traced> {
  const about = { object: namedOf(object), ...(through.length > 0 && { through: through.map(namedOf) }) };
  const { labels = {} } = top.metadata;
  const uid = labels[keys.actionOwner];
  if (uid !== undefined) return { ...about, ...(await originByAction(top, uid, reader)) };
  const namespace = labels[keys.ownerNamespace];
  const name = labels[keys.ownerName];
  if (namespace === undefined || name === undefined) {
    // A StageInventory is its StageSet's, by owner reference.
    const isBelow = groupOf(top.apiVersion) === GROUP && top.kind === 'StageSet' && through.length > 0;
    return isBelow ? { ...about, origin: setOrigin(top as unknown as StageSet, stageLabelOf(object)) } : about;
  }
  const set = await labelledSet(namespace, name, reader);
  if (set === 'unread')
    return { ...about, origin: { stageSet: { namespace, name }, ...stageOf(top), ...appliedOf(top) } };
  if (set === undefined) {
    return { ...about, remark: `its labels name StageSet ${namespace}/${name}, which does not exist` };
  }
  const stage = stageLabelOf(top);
  const recorded = await recordedObjects(set, reader);
  const entries = [...(recorded?.values() ?? [])].flat();
  return {
    ...about,
    origin: {
      ...setOrigin(set, stage),
      ...appliedOf(top),
      ...(recorded && { recorded: entries.some(({ id }) => id === objectIdOf(top)) }),
    },
  };
}

function setOrigin(set: StageSet, stageName: string | undefined): Origin {
  const { namespace = '', name } = set.metadata;
  const stage = set.spec.stages.find((each) => each.name === stageName);
  const status = set.status?.stages?.find((each) => each.name === stageName);
  const { apiVersion: _version, ...source } = stage === undefined ? {} : sourceRefOf(stage, namespace);
  return {
    stageSet: { namespace, name },
    ...(stageName !== undefined && { stage: stageName }),
    ...(status?.phase && { phase: status.phase }),
    ...(status?.appliedRevision && { revision: status.appliedRevision }),
    ...(stage && 'name' in source && { source: { ...source, path: pathOf(stage) } }),
  };
}

/** A Job that an action has made names its StageSet by UID. */
async function originByAction(
  job: KubeObject,
  uid: string,
  reader: Reader,
): Promise<Pick<Traced, 'origin' | 'remark'>> {
  const { labels = {}, namespace } = job.metadata;
  const sets = await reader.list<StageSet>({ resource: stageSetResource, namespace });
  const set = sets?.find(({ metadata }) => metadata.uid === uid);
  if (set === undefined)
    return { remark: 'an action of a StageSet has made it, which is not in this namespace any more' };
  const label = labels[keys.action] ?? '';
  const action = actionsOf(set).find(({ name }) => labelValue(name) === label)?.name ?? label;
  return { origin: { ...setOrigin(set, undefined), action } };
}

/** A label holds the beginning of a long name. */
async function labelledSet(namespace: string, name: string, reader: Reader): Promise<StageSet | 'unread' | undefined> {
  const found = await reader.get({ resource: stageSetResource, namespace, name });
  if (found.is === 'found') return found.object as unknown as StageSet;
  if (found.is === 'unread') return 'unread';
  const all = await reader.list<StageSet>({ resource: stageSetResource, namespace });
  return all?.find(({ metadata }) => labelValue(metadata.name) === name);
}

function appliedOf({ metadata: { managedFields = [] } }: KubeObject): Pick<Origin, 'lastApplied'> {
  const ours = managedFields.find(({ manager, operation }) => manager === FIELD_MANAGER && operation === 'Apply');
  return ours?.time === undefined ? {} : { lastApplied: ours.time };
}

const FIELD_MANAGER = 'stageset-controller';

function stageLabelOf({ metadata }: KubeObject): string | undefined {
  return metadata.labels?.[keys.stage];
}

function stageOf(object: KubeObject): Pick<Origin, 'stage'> {
  const stage = stageLabelOf(object);
  return stage === undefined ? {} : { stage };
}

function namedOf({ kind, metadata: { namespace, name } }: KubeObject): Named {
  return { kind, ...(namespace !== undefined && { namespace }), name };
}
