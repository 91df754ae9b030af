import type { KubeObject } from '../../../src/shared/objects/object.ts';
import { type Random, randomFrom } from '../../support/seeds.ts';
import { conditions, isFalse, isTrue, type KindCases, type KstatusCase, observed, type Parts, ready } from './parts.ts';
import {
  availableTrue,
  daemonSets,
  deployments,
  partitioned,
  progressed,
  replicaSets,
  revisions,
  scheduled,
  statefulSets,
} from './workload-cases.ts';

// The objects that kstatus is asked about: by hand what surprises, by the dozen what counts replicas.
export function allCases(): readonly KstatusCase[] {
  return [
    ...casesOf('example.com/v1', 'Widget', generic),
    ...casesOf('apps/v1', 'Deployment', deployments),
    ...casesOf('apps/v1', 'ReplicaSet', replicaSets),
    ...casesOf('apps/v1', 'StatefulSet', statefulSets),
    ...casesOf('apps/v1', 'DaemonSet', daemonSets),
    ...casesOf('extensions/v1beta1', 'Deployment', { 'old group': { spec: { replicas: 1 } } }),
    ...casesOf('extensions/v1beta1', 'DaemonSet', { 'old group': {} }),
    ...casesOf('extensions/v1beta1', 'ReplicaSet', { 'old group': { spec: { replicas: 1 } } }),
    ...casesOf('v1', 'Pod', pods),
    ...casesOf('batch/v1', 'Job', jobs),
    ...casesOf('v1', 'PersistentVolumeClaim', claims),
    ...casesOf('v1', 'Service', services),
    ...casesOf('apiextensions.k8s.io/v1', 'CustomResourceDefinition', definitions),
    ...(['batch/v1 CronJob', 'policy/v1 PodDisruptionBudget', 'v1 ConfigMap', 'v1 Secret'] as const).flatMap((kind) =>
      casesOf(...split(kind), alwaysCurrent),
    ),
    ...casesOf('v1', 'Namespace', namespaces),
    ...casesOf('apiregistration.k8s.io/v1', 'APIService', apiServices),
    ...casesOf('networking.k8s.io/v1', 'Ingress', ingresses),
    ...['apps/v1 Deployment', 'apps/v1 ReplicaSet', 'apps/v1 StatefulSet', 'apps/v1 DaemonSet'].flatMap((kind) =>
      countersOf(...split(kind)),
    ),
  ];
}

const generic: KindCases = {
  'nothing at all': {},
  'empty status': { status: {} },
  'null status': { status: null },
  'status is text': { status: 'fine' },
  'status is a list': { status: [] },
  deleted: { metadata: { deletionTimestamp: '2030-01-01T00:00:00Z' } },
  'deleted and stale': {
    metadata: { deletionTimestamp: '2030-01-01T00:00:00Z', generation: 2 },
    status: { observedGeneration: 1 },
  },
  'deletion of empty text': { metadata: { deletionTimestamp: '' }, ...conditions(ready('False')) },
  'generation observed': observed(3, 3),
  'generation behind': observed(3, 2),
  'generation ahead': observed(3, 4),
  'generation observed zero': observed(3, 0),
  'generation without observed': { metadata: { generation: 3 } },
  'observed without generation': { status: { observedGeneration: 3 } },
  'observed is text': observed(3, '3'),
  'observed is null': observed(3, null),
  'observed is a fraction': observed(3, 2.5),
  'observed is text, no generation': { status: { observedGeneration: '3' } },
  'generation is text': observed('3', 3),
  'stale and ready': { metadata: { generation: 2 }, status: { observedGeneration: 1, conditions: [ready('True')] } },
  'ready true': conditions(ready('True')),
  'ready false': conditions(ready('False')),
  'ready false without message': conditions({ type: 'Ready', status: 'False' }),
  'ready unknown': conditions(ready('Unknown')),
  'ready in lower case': conditions(ready('true')),
  'ready something, then false': conditions(ready('Maybe'), ready('False')),
  'ready true, then false': conditions(ready('True'), ready('False')),
  'ready of another name': conditions(isFalse('ready')),
  'reconciling true': conditions(isTrue('Reconciling')),
  'reconciling false': conditions(isFalse('Reconciling')),
  'reconciling unknown, not ready': conditions({ ...isTrue('Reconciling'), status: 'Unknown' }, ready('False')),
  'reconciling and ready': conditions(ready('True'), isTrue('Reconciling')),
  'stalled true': conditions(isTrue('Stalled')),
  'stalled false': conditions(isFalse('Stalled')),
  'stalled and ready': conditions(ready('True'), isTrue('Stalled')),
  'reconciling before stalled': conditions(isTrue('Reconciling'), isTrue('Stalled')),
  'stalled before reconciling': conditions(isTrue('Stalled'), isTrue('Reconciling')),
  'reconciling false before stalled': conditions(isFalse('Reconciling'), isTrue('Stalled')),
  'conditions null': { status: { conditions: null } },
  'conditions a map': { status: { conditions: { ready: true } } },
  'conditions text': { status: { conditions: 'Ready' } },
  'condition null': conditions(null, ready('False')),
  'condition text': conditions('Ready'),
  'condition status a boolean': conditions(ready(true)),
  'condition message a number': conditions({ type: 'Other', status: 'True', message: 5 }),
  'condition type null': conditions({ type: null, status: 'True' }),
  'phase failed': { status: { phase: 'Failed' } },
};

const unschedulable = isFalse('PodScheduled', 'Unschedulable', '0/3 nodes are available');
const container = (name: string, state: unknown) => ({ name, state });
const looping = (name: string) => container(name, { waiting: { reason: 'CrashLoopBackOff' } });
const runningPod = (containerStatuses: unknown, ...list: unknown[]): Parts => ({
  status: { phase: 'Running', containerStatuses, conditions: list },
});

const pods: KindCases = {
  'no status': {},
  'no phase': { status: {} },
  'phase of no kind': { status: { phase: 'Dreaming' } },
  'phase unknown': { status: { phase: 'Unknown' } },
  'phase is a number': { status: { phase: 5 } },
  succeeded: { status: { phase: 'Succeeded' } },
  failed: { status: { phase: 'Failed' } },
  'failed and not ready': { status: { phase: 'Failed', conditions: [ready('False')] } },
  'running and ready': runningPod([], ready('True')),
  'running, ready false': runningPod([], ready('False')),
  'running, no conditions': runningPod([]),
  'running, ready false before true': runningPod([], ready('False'), ready('True')),
  'running, one loops': runningPod([container('a', { running: {} }), looping('b')], ready('False')),
  'running, two loop': runningPod([looping('a'), looping('b')], ready('False')),
  'running, loops but ready': runningPod([looping('a')], ready('True')),
  'running, image pull back-off': runningPod([container('a', { waiting: { reason: 'ImagePullBackOff' } })]),
  'running, init container loops': { status: { phase: 'Running', initContainerStatuses: [looping('a')] } },
  'running, container without name': runningPod([{ state: { waiting: { reason: 'CrashLoopBackOff' } } }]),
  'running, container without state': runningPod([{ name: 'a' }]),
  'running, container without reason': runningPod([container('a', { waiting: {} })]),
  'running, container statuses a map': runningPod({ a: 'b' }),
  'running, container statuses null': runningPod(null),
  'pending, container loops': { status: { phase: 'Pending', containerStatuses: [looping('a')] } },
  pending: { status: { phase: 'Pending' } },
  'pending, unschedulable since long': {
    metadata: { creationTimestamp: '2020-01-01T00:00:00Z' },
    status: { phase: 'Pending', conditions: [unschedulable] },
  },
  'pending, unschedulable and new': {
    metadata: { creationTimestamp: '2999-01-01T00:00:00Z' },
    status: { phase: 'Pending', conditions: [unschedulable] },
  },
  'pending, unschedulable, age unknown': { status: { phase: 'Pending', conditions: [unschedulable] } },
  'pending, gated': { status: { phase: 'Pending', conditions: [isFalse('PodScheduled', 'SchedulingGated')] } },
  'pending, scheduled': { status: { phase: 'Pending', conditions: [isTrue('PodScheduled', 'Unschedulable')] } },
};

const started = { startTime: '2030-01-01T00:00:00Z' };

const jobs: KindCases = {
  'no status': {},
  'not started': { spec: { completions: 2 }, status: {} },
  suspended: { spec: { suspend: true }, status: { conditions: [isTrue('Suspended')] } },
  'running (departure)': { status: { ...started, active: 1 } },
  'running after a failed pod (departure)': { spec: { backoffLimit: 6 }, status: { ...started, active: 1, failed: 2 } },
  'half done (departure)': {
    spec: { completions: 4, parallelism: 2 },
    status: { ...started, succeeded: 2, active: 2 },
  },
  'criteria met (departure)': { status: { ...started, succeeded: 1, conditions: [isTrue('SuccessCriteriaMet')] } },
  'about to fail (departure)': { status: { ...started, failed: 1, conditions: [isTrue('FailureTarget')] } },
  'complete false (departure)': { status: { ...started, conditions: [isFalse('Complete')] } },
  'all pods succeeded, not complete (departure)': { status: { ...started, succeeded: 1 } },
  complete: { status: { ...started, succeeded: 1, conditions: [isTrue('Complete')] } },
  'complete, never started': { status: { conditions: [isTrue('Complete')] } },
  failed: { spec: { completions: 3 }, status: { ...started, failed: 1, conditions: [isTrue('Failed')] } },
  'failed, completions by parallelism': {
    spec: { parallelism: 5 },
    status: { ...started, failed: 2, conditions: [isTrue('Failed')] },
  },
  'failed false': { status: { conditions: [isFalse('Failed')] } },
  'complete before failed': { status: { ...started, conditions: [isTrue('Complete'), isTrue('Failed')] } },
  'failed before complete': { status: { ...started, conditions: [isTrue('Failed'), isTrue('Complete')] } },
};

const claims: KindCases = {
  'no status': {},
  pending: { status: { phase: 'Pending' } },
  bound: { status: { phase: 'Bound' } },
  lost: { status: { phase: 'Lost' } },
  'phase in lower case': { status: { phase: 'bound' } },
  'phase is a number': { status: { phase: 1 } },
  'bound, resizing': { status: { phase: 'Bound', conditions: [isTrue('Resizing')] } },
};

const services: KindCases = {
  'no spec': {},
  'cluster IP': { spec: { type: 'ClusterIP', clusterIP: '10.0.0.1' } },
  'cluster IP to come': { spec: { type: 'ClusterIP' } },
  'external name': { spec: { type: 'ExternalName', externalName: 'example.com' } },
  'load balancer without cluster IP': { spec: { type: 'LoadBalancer' } },
  'load balancer with empty cluster IP': { spec: { type: 'LoadBalancer', clusterIP: '' } },
  'load balancer without address': { spec: { type: 'LoadBalancer', clusterIP: '10.0.0.1' } },
  'load balancer with address': {
    spec: { type: 'LoadBalancer', clusterIP: '10.0.0.1' },
    status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } },
  },
  'not ready by condition': { spec: {}, status: { conditions: [ready('False')] } },
};

const definitions: KindCases = {
  'no status': {},
  installing: conditions(isTrue('NamesAccepted'), isFalse('Established', 'Installing')),
  established: conditions(isTrue('NamesAccepted'), isTrue('Established')),
  'names rejected': conditions(isFalse('NamesAccepted', 'ListKindConflict', 'in use'), isFalse('Established')),
  'names rejected after established': conditions(isTrue('Established'), isFalse('NamesAccepted', 'Conflict', 'in use')),
  'names rejected before established': conditions(
    isFalse('NamesAccepted', 'Conflict', 'in use'),
    isTrue('Established'),
  ),
  'not established': conditions(isTrue('NamesAccepted'), isFalse('Established', 'NotAccepted', 'not all accepted')),
  'established unknown': conditions({ ...isTrue('Established'), status: 'Unknown' }),
  terminating: conditions(isTrue('Established'), isTrue('Terminating')),
};

const alwaysCurrent: KindCases = {
  plain: {},
  'not ready by condition': conditions(ready('False')),
  stale: observed(2, 1),
  stalled: conditions(isTrue('Stalled')),
  'unreadable conditions': { status: { conditions: 'none' } },
};

const namespaces: KindCases = {
  active: { status: { phase: 'Active' } },
  'no phase': {},
  'terminating by phase only': { status: { phase: 'Terminating' } },
  deleted: { metadata: { deletionTimestamp: '2030-01-01T00:00:00Z' }, status: { phase: 'Terminating' } },
  'content remains': { status: { phase: 'Terminating', conditions: [isTrue('NamespaceContentRemaining')] } },
};

const apiServices: KindCases = {
  available: conditions(isTrue('Available')),
  unavailable: conditions(isFalse('Available', 'ServiceNotFound')),
  'no status': {},
};

const ingresses: KindCases = {
  'no address': { status: { loadBalancer: {} } },
  'no status': {},
};

const counterFields: Readonly<Record<string, readonly string[]>> = {
  Deployment: ['replicas', 'updatedReplicas', 'readyReplicas', 'availableReplicas'],
  ReplicaSet: ['replicas', 'fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'],
  StatefulSet: ['replicas', 'readyReplicas', 'currentReplicas', 'updatedReplicas'],
  DaemonSet: Object.keys(scheduled),
};

/** Each counter around the wanted number, or not there at all. */
function countersOf(apiVersion: string, kind: string): readonly KstatusCase[] {
  const random = randomFrom(kind.length);
  const fields = counterFields[kind] ?? [];
  const cases = Array.from({ length: 25 }, (_, index) => {
    const around = (): number | undefined => random.pick([undefined, 1, 2, 2, 2, 2, 2, 3]);
    const status = Object.fromEntries(fields.map((field) => [field, around()]));
    const parts = {
      metadata: { generation: 1 },
      spec: { replicas: random.pick([undefined, 2, 2, 2]), ...strategyOf(kind, random) },
      status: { observedGeneration: 1, ...status, ...revisions('a', 'a'), conditions: [availableTrue, progressed] },
    };
    return [`counters ${index + 1}`, parts] as const;
  });
  return casesOf(apiVersion, kind, Object.fromEntries(cases));
}

function strategyOf(kind: string, random: Random): object {
  return kind === 'StatefulSet' ? { updateStrategy: random.pick([undefined, partitioned(0), partitioned(1)]) } : {};
}

function casesOf(apiVersion: string, kind: string, cases: KindCases): readonly KstatusCase[] {
  return Object.entries(cases).map(([name, { metadata, ...rest }]) => ({
    name: `${kind}: ${name}`,
    object: withoutUndefined({ apiVersion, kind, metadata: { name: 'it', ...metadata }, ...rest }),
  }));
}

function withoutUndefined(object: KubeObject): KubeObject {
  return JSON.parse(JSON.stringify(object));
}

function split(versionAndKind: string): [apiVersion: string, kind: string] {
  const [apiVersion = '', kind = ''] = versionAndKind.split(' ');
  return [apiVersion, kind];
}
