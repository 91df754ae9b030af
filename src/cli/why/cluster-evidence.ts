import { stageSetResource } from '../../main/kube/own-kinds.ts';
import type { StageSet } from '../../shared/api/types.ts';
import { keys, labelValue } from '../../shared/labels.ts';
import { groupOf, type KubeObject } from '../../shared/objects/object.ts';
import { describeObjectId } from '../../shared/objects/object-id.ts';
import { isTrouble, type OwnedObject } from '../owned/owned-object.ts';
import { ownedObjects, withDescendants } from '../owned/owned-objects.ts';
import type { Reader } from '../owned/reader.ts';
import { recordedObjects } from '../owned/recorded-objects.ts';
import { awaitedInTrouble } from './awaited.ts';
import { resourceName } from './commands.ts';
import { controllerState } from './controller-state.ts';
import { lastWarning } from './events.ts';
import type { ControllerState, Evidence, Trouble } from './evidence.ts';
import { causeOf } from './object-cause.ts';

/** Looks at the cluster, and only at what an explanation asks for. */
export function evidenceFor(set: StageSet, reader: Reader, nowMs: number): Evidence {
  const { namespace = '', name, uid = '' } = set.metadata;
  const { discovery } = reader;
  let controller: Promise<ControllerState> | undefined;

  const isElsewhere = () => {
    if (set.spec.kubeConfig === undefined) return false;
    reader.note('its objects are on the cluster that spec.kubeConfig leads to, which is not looked into');
    return true;
  };
  const worstOf = async (objects: readonly OwnedObject[], told = ''): Promise<Trouble | undefined> => {
    const [worst, ...others] = objects.toSorted((a, b) => weight(b, told) - weight(a, told));
    if (worst === undefined) return undefined;
    const { text, next } = await causeOf(worst, reader, names);
    return { text, next, others: others.length };
  };
  const names = {
    resourceNameOfKind: (kind: string) => {
      const resource = discovery.kinds().find((each) => each.kind === kind);
      return resource && resourceName(resource);
    },
  };

  return {
    ...names,
    nowMs,
    controller: () => {
      controller ??= controllerState(`${namespace}/${name}`, reader, nowMs);
      return controller;
    },
    trouble: async (stage, told) =>
      isElsewhere() ? undefined : worstOf(await awaitedInTrouble(set, stage, reader, nowMs), told),
    lingering: async () => {
      if (isElsewhere()) return undefined;
      const recorded = [...((await recordedObjects(set, reader))?.values() ?? [])].flat();
      const look = { owner: { namespace, name }, reader, nowMs, descend: false };
      return worstOf((await ownedObjects(recorded, look)).filter(isGoing));
    },
    lastWarning: () => lastWarning(set as unknown as KubeObject, reader),
    jobTrouble: async (action) => {
      const resource = discovery.find({ group: 'batch', kind: 'Job' });
      if (resource === undefined) return undefined;
      const labelSelector = `${keys.actionOwner}=${uid},${keys.action}=${labelValue(action)}`;
      const jobs = (await reader.list({ resource, namespace, labelSelector })) ?? [];
      const trees = await Promise.all(jobs.map((job) => withDescendants(job, reader, nowMs)));
      return worstOf(trees.filter(({ standing }) => isTrouble(standing)));
    },
    stageSet: async (where, which) => {
      const found = await reader.get({ resource: stageSetResource, namespace: where, name: which });
      return found.is === 'found' ? (found.object as unknown as StageSet) : undefined;
    },
    resourceName: ({ kind, apiVersion = '' }) => {
      const resource = discovery.find({ group: groupOf(apiVersion), kind });
      return resource && resourceName(resource);
    },
  };
}

function isGoing({ object }: OwnedObject): boolean {
  return object?.metadata.deletionTimestamp !== undefined;
}

const severities = { failed: 3, terminating: 2, missing: 2, unknown: 1, inProgress: 1, unread: 0, current: 0 } as const;

/** What the controller itself names comes first: it knows what it has left to others. */
function weight({ id, standing }: OwnedObject, told: string): number {
  return severities[standing.is] + (told.includes(`${describeObjectId(id)} (`) ? 10 : 0);
}
