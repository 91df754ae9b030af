import type { StageSet } from '../../src/shared/api/types.ts';
import type { KubeApi, ObjectRef } from '../control-plane/kube-api.ts';
import type { Proof } from './act.ts';

const namespace = 'shop';
export const web: ObjectRef = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'web' };
export const configMap = (name: string): ObjectRef => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name });
export const smokeTest = (version: string): ObjectRef => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  namespace,
  name: `smoke-test-${version}`,
});
const shop: ObjectRef = { apiVersion: 'stages.metio.wtf/v1', kind: 'StageSet', namespace, name: 'shop' };

interface Deployment {
  readonly metadata: { readonly generation: number };
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

interface Job {
  readonly metadata: { readonly creationTimestamp: string };
  readonly status: { readonly succeeded?: number };
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

export function smokeTestPassed(version: string): Proof {
  return {
    that: `the smoke test of ${version} has run`,
    expected: 1,
    seen: async (api) => (await api.get<Job>(smokeTest(version))).status.succeeded,
  };
}

/** The API server's own times: when the Deployment had rolled out, and when the Job was created. */
export function smokeTestFollowedWeb(version: string): Proof {
  return {
    that: 'it was not started before the app was ready',
    expected: 'after',
    async seen(api) {
      const { status } = await api.get<Deployment>(web);
      const rolledOut = status.conditions?.find(({ reason }) => reason === 'NewReplicaSetAvailable')?.lastUpdateTime;
      const { creationTimestamp } = (await api.get<Job>(smokeTest(version))).metadata;
      if (rolledOut === undefined) return 'the app has never been ready';
      return Date.parse(creationTimestamp) >= Date.parse(rolledOut) ? 'after' : { rolledOut, creationTimestamp };
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

export function driftWasReported(kind: string): Proof {
  return {
    that: `an event says that the ${kind} was corrected`,
    expected: true,
    async seen(api) {
      const events = await api.list<Event>('events.k8s.io/v1', 'Event', { namespace });
      return events.some(({ reason, note }) => reason === 'DriftCorrected' && note.includes(kind));
    },
  };
}

interface Event {
  readonly reason: string;
  readonly note: string;
}

/** For a failure report: the message of the Ready condition, or why there is none. */
export async function readyMessage(api: KubeApi): Promise<string> {
  const { status } = await api.get<StageSet>(shop);
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  return ready === undefined ? 'no Ready condition yet' : `Ready=${ready.status} ${ready.reason}: ${ready.message}`;
}
