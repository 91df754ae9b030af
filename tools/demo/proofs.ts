import type { StageSet } from '../../src/shared/api/types.ts';
import type { KubeApi, ObjectRef } from '../control-plane/kube-api.ts';
import type { Proof } from './act.ts';

const namespace = 'shop';
export const web: ObjectRef = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'web' };
export const configMap = (name: string): ObjectRef => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name });
const orders: ObjectRef = { apiVersion: 'v1', kind: 'Pod', namespace, name: 'orders-0' };
const shop: ObjectRef = { apiVersion: 'stages.metio.wtf/v1', kind: 'StageSet', namespace, name: 'shop' };

interface Deployment {
  readonly metadata: { readonly generation: number; readonly creationTimestamp: string };
  readonly spec: {
    readonly replicas: number;
    readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } };
  };
  readonly status: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly conditions?: readonly {
      readonly type: string;
      readonly reason: string;
      readonly lastUpdateTime: string;
    }[];
  };
}

interface Pod {
  readonly status: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly lastTransitionTime: string;
    }[];
  };
}

export const databaseRuns: Proof = {
  that: 'the database runs',
  expected: 'True',
  seen: async (api) => (await readyConditionOf(api))?.status,
};

async function readyConditionOf(api: KubeApi) {
  return (await api.get<Pod>(orders)).status.conditions?.find(({ type }) => type === 'Ready');
}

export function webRuns(pods: number, version: string): Proof {
  return {
    that: `the app runs ${pods} ready pods of ${version}, and no others`,
    expected: { wanted: pods, all: pods, updated: pods, available: pods, version },
    async seen(api) {
      const { spec, status, metadata } = await api.get<Deployment>(web);
      if (status.observedGeneration !== metadata.generation) return 'changed a moment ago';
      return {
        wanted: spec.replicas,
        all: status.replicas,
        updated: status.updatedReplicas,
        available: status.availableReplicas,
        version: spec.template.spec.containers[0]?.image.split(':')[1],
      };
    },
  };
}

/** By the API server's own times: when the pod was ready, and when the Deployment was created. */
export const appFollowedDatabase: Proof = {
  that: 'the app was not created before the database was ready',
  expected: 'after',
  async seen(api) {
    const { creationTimestamp } = (await api.get<Deployment>(web)).metadata;
    return orderOf((await readyConditionOf(api))?.lastTransitionTime, creationTimestamp);
  },
};

export const releaseFollowedApp: Proof = {
  that: 'it was not created before the app was ready',
  expected: 'after',
  async seen(api) {
    const { conditions } = (await api.get<Deployment>(web)).status;
    const rolledOut = conditions?.find(({ reason }) => reason === 'NewReplicaSetAvailable')?.lastUpdateTime;
    const { creationTimestamp } = (await api.get<ConfigMap>(configMap('settings'))).metadata;
    return orderOf(rolledOut, creationTimestamp);
  },
};

interface ConfigMap {
  readonly metadata: { readonly creationTimestamp: string };
}

function orderOf(readyAt: string | undefined, createdAt: string) {
  if (readyAt === undefined) return 'what it waits for has never been ready';
  return Date.parse(createdAt) >= Date.parse(readyAt) ? 'after' : { readyAt, createdAt };
}

export function gateSaidNo(refusals: () => number): Proof {
  return { that: 'the gate was asked, and has said no', expected: true, seen: async () => refusals() > 0 };
}

/** A status is written a moment after what it tells. */
export function stageSays(stage: string, word: string, that: string): Proof {
  return {
    that,
    expected: true,
    async seen(api) {
      const stages = (await api.get<StageSet>(shop)).status?.stages ?? [];
      return stages.some(({ name, message = '' }) => name === stage && message.includes(word));
    },
  };
}

export function isThere(ref: ObjectRef, that: string): Proof {
  return { that, expected: true, seen: async (api) => (await api.find(ref)) !== undefined };
}

export function isGone(ref: ObjectRef, that: string): Proof {
  return { that, expected: false, seen: async (api) => (await api.find(ref)) !== undefined };
}

export function shopIsReadyAt(revision: string): Proof {
  return {
    that: `the StageSet is Ready at revision ${revision}`,
    expected: { ready: 'True', reason: 'Succeeded', revisions: [revision] },
    async seen(api) {
      const { status, metadata } = await api.get<StageSet>(shop);
      const ready = status?.conditions?.find(({ type }) => type === 'Ready');
      if (ready === undefined || ready.observedGeneration !== metadata.generation) return 'not Ready yet';
      const { lastAppliedRevisions = {} } = status ?? {};
      return { ready: ready.status, reason: ready.reason, revisions: Object.values(lastAppliedRevisions) };
    },
  };
}

export const isHeldBack: Proof = {
  that: 'the StageSet says that revision 2 waits, and until when',
  expected: { revisions: ['2'], untilIsTold: true },
  async seen(api) {
    const { pendingUpdate } = (await api.get<StageSet>(shop)).status ?? {};
    if (pendingUpdate === undefined) return 'nothing is held';
    const revisions = [...new Set(Object.values(pendingUpdate.revisions ?? {}))];
    return { revisions, untilIsTold: pendingUpdate.nextWindowOpens !== undefined };
  },
};

export function shopIsAtVersion(version: string): Proof {
  return {
    that: `the StageSet is at version ${version}`,
    expected: version,
    seen: async (api) => (await api.get<StageSet>(shop)).status?.version,
  };
}

export function shopFailedIn(stage: string): Proof {
  return {
    that: `the StageSet is not Ready, and names the stage "${stage}"`,
    expected: { status: 'False', reason: 'StageFailed', namesStage: true },
    async seen(api) {
      const { status } = await api.get<StageSet>(shop);
      const ready = status?.conditions?.find(({ type }) => type === 'Ready');
      const namesStage = ready?.message.includes(`"${stage}"`);
      return { status: ready?.status, reason: ready?.reason, namesStage };
    },
  };
}

export function driftWasReported(kind: string): Proof {
  return eventSays('DriftCorrected', kind, `an event says that the ${kind} was corrected`);
}

export function eventSays(reason: string, word: string, that: string): Proof {
  return {
    that,
    expected: true,
    async seen(api) {
      const events = await api.list<Event>('events.k8s.io/v1', 'Event', { namespace });
      return events.some((event) => event.reason === reason && event.note.includes(word));
    },
  };
}

interface Event {
  readonly reason: string;
  readonly note: string;
}

/** The controller has seen the newest spec. */
export const editIsSeen: Proof = {
  that: 'the controller has taken notice',
  expected: true,
  async seen(api) {
    const { status, metadata } = await api.get<StageSet>(shop);
    return status?.observedGeneration === metadata.generation;
  },
};

/** For a failure report: the message of the Ready condition, or why there is none. */
export async function readyMessage(api: KubeApi): Promise<string> {
  const { status } = await api.get<StageSet>(shop);
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  return ready === undefined ? 'no Ready condition yet' : `Ready=${ready.status} ${ready.reason}: ${ready.message}`;
}
