import { stageSetResource } from '../../main/kube/own-kinds.ts';
import type { StageSet } from '../../shared/api/types.ts';
import { keys, labelValue } from '../../shared/labels.ts';
import { groupOf } from '../../shared/objects/object.ts';
import { isTrouble, type OwnedObject } from '../owned/owned-object.ts';
import { ownedObjects, withDescendants } from '../owned/owned-objects.ts';
import type { Reader } from '../owned/reader.ts';
import { recordedObjects } from '../owned/recorded-objects.ts';
import { resourceName } from './commands.ts';
import { controllerState } from './controller-state.ts';
import type { ControllerState, Evidence, Trouble } from './evidence.ts';
import { causeOf } from './object-cause.ts';

/** Looks at the cluster, and only at what an explanation asks for. */
export function evidenceFor(set: StageSet, reader: Reader, nowMs: number): Evidence {
  const { namespace = '', name, uid = '' } = set.metadata;
  const { discovery } = reader;
  let controller: Promise<ControllerState> | undefined;

  const owned = async (stage: string | undefined): Promise<readonly OwnedObject[]> => {
    if (set.spec.kubeConfig !== undefined) {
      reader.note('its objects are on the cluster that spec.kubeConfig leads to, which is not looked into');
      return [];
    }
    const recorded = (await recordedObjects(set, reader)) ?? new Map();
    const wanted = stage === undefined ? [...recorded.values()].flat() : (recorded.get(stage) ?? []);
    return ownedObjects(wanted, { owner: { namespace, name }, reader, nowMs, descend: true });
  };
  const worstOf = async (objects: readonly OwnedObject[]): Promise<Trouble | undefined> => {
    const [worst, ...others] = objects.toSorted((a, b) => severity(b) - severity(a));
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
      controller ??= controllerState(reader, nowMs);
      return controller;
    },
    trouble: async (stage) => worstOf((await owned(stage)).filter(({ standing }) => isTrouble(standing))),
    lingering: async () => worstOf((await owned(undefined)).filter(isGoing)),
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

function severity({ standing }: OwnedObject): number {
  return severities[standing.is];
}
