import { isFalse, isTrue, type KindCases, type Parts, ready } from './parts.ts';

const rolledOut = { replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 };
export const availableTrue = isTrue('Available', 'MinimumReplicasAvailable');
export const progressed = isTrue('Progressing', 'NewReplicaSetAvailable');
const deployment = (list: unknown[], spec: object = {}, status: object = {}): Parts => ({
  spec: { replicas: 2, progressDeadlineSeconds: 600, ...spec },
  status: { ...rolledOut, ...status, conditions: list },
});

export const deployments: KindCases = {
  'no status': { spec: { replicas: 1 } },
  'no status, replicas 0': { spec: { replicas: 0 } },
  'rolled out': deployment([availableTrue, progressed]),
  'replicas by default': { spec: {}, status: { ...rolledOut, replicas: 1, conditions: [availableTrue] } },
  'replicas as text': deployment([availableTrue, progressed], { replicas: '5' }),
  'not available': deployment([isFalse('Available'), progressed]),
  'available unknown': deployment([{ ...availableTrue, status: 'Unknown' }, progressed]),
  'no conditions with deadline': deployment([]),
  'no progressing condition, deadline set': deployment([availableTrue]),
  'no progressing condition, no deadline': deployment([availableTrue], { progressDeadlineSeconds: 2147483647 }),
  'progressing for another reason': deployment([availableTrue, isTrue('Progressing', 'ReplicaSetUpdated')]),
  'progressing false, new replica set': deployment([availableTrue, isFalse('Progressing', 'NewReplicaSetAvailable')]),
  'deadline exceeded': deployment([isFalse('Progressing', 'ProgressDeadlineExceeded')]),
  'deadline exceeded, still true': deployment([availableTrue, isTrue('Progressing', 'ProgressDeadlineExceeded')]),
  'deadline exceeded, all replicas there': deployment([
    availableTrue,
    progressed,
    isFalse('Progressing', 'ProgressDeadlineExceeded'),
  ]),
  'replica failure is not looked at': deployment([availableTrue, progressed, isTrue('ReplicaFailure')]),
  'ready condition is not looked at': deployment([availableTrue, progressed, ready('False')]),
  'stalled comes first': deployment([availableTrue, progressed, isTrue('Stalled')]),
  paused: deployment([availableTrue, { ...isTrue('Progressing'), status: 'Unknown', reason: 'DeploymentPaused' }]),
  'old pods left': deployment([availableTrue, progressed], {}, { replicas: 3 }),
  'scaled to 0, pods left': deployment([availableTrue, progressed], { replicas: 0 }),
  'scaled to 0': deployment([availableTrue, progressed], { replicas: 0 }, { replicas: 0, updatedReplicas: 0 }),
  stale: {
    metadata: { generation: 2 },
    spec: { replicas: 2 },
    status: { ...rolledOut, observedGeneration: 1, conditions: [availableTrue, progressed] },
  },
};

export const replicaSets: KindCases = {
  'no status': { spec: { replicas: 1 } },
  'all there': { spec: { replicas: 2 }, status: { ...rolledOut, fullyLabeledReplicas: 2 } },
  'replica failure': {
    spec: { replicas: 2 },
    status: { ...rolledOut, fullyLabeledReplicas: 2, conditions: [isTrue('ReplicaFailure')] },
  },
  'replica failure over': {
    spec: { replicas: 2 },
    status: { ...rolledOut, fullyLabeledReplicas: 2, conditions: [isFalse('ReplicaFailure')] },
  },
};

export const revisions = (currentRevision: string, updateRevision: string) => ({ currentRevision, updateRevision });
const statefulSet = (updateStrategy: unknown, status: object): Parts => ({
  spec: { replicas: 2, ...(updateStrategy === undefined ? {} : { updateStrategy }) },
  status: { replicas: 2, readyReplicas: 2, currentReplicas: 2, updatedReplicas: 2, ...status },
});
export const partitioned = (partition: unknown) => ({ type: 'RollingUpdate', rollingUpdate: { partition } });

export const statefulSets: KindCases = {
  'no status': { spec: { replicas: 1 } },
  'no status, no spec': {},
  'on delete': { spec: { replicas: 3, updateStrategy: { type: 'OnDelete' } }, status: { replicas: 0 } },
  'on delete, stale': {
    metadata: { generation: 2 },
    spec: { updateStrategy: { type: 'OnDelete' } },
    status: { observedGeneration: 1 },
  },
  'one revision': statefulSet(undefined, revisions('a', 'a')),
  'two revisions': statefulSet(undefined, revisions('a', 'b')),
  'fewer current': statefulSet(undefined, { ...revisions('a', 'a'), currentReplicas: 1 }),
  'partition 0, two revisions': statefulSet(partitioned(0), { ...revisions('a', 'b'), currentReplicas: 0 }),
  'partition 0, one updated': statefulSet(partitioned(0), { ...revisions('a', 'b'), updatedReplicas: 1 }),
  'partition 1, one updated': statefulSet(partitioned(1), { ...revisions('a', 'b'), updatedReplicas: 1 }),
  'partition 1, none updated': statefulSet(partitioned(1), { ...revisions('a', 'b'), updatedReplicas: 0 }),
  'partition beyond replicas': statefulSet(partitioned(5), { ...revisions('a', 'b'), updatedReplicas: 0 }),
  'partition -1': statefulSet(partitioned(-1), revisions('a', 'b')),
  'partition null': statefulSet(partitioned(null), revisions('a', 'b')),
  'partition as text': statefulSet(partitioned('1'), revisions('a', 'a')),
  'rolling update without partition': statefulSet({ type: 'RollingUpdate' }, revisions('a', 'a')),
  'ready condition is not looked at': statefulSet(undefined, { ...revisions('a', 'a'), conditions: [ready('False')] }),
};

export const scheduled = {
  desiredNumberScheduled: 2,
  currentNumberScheduled: 2,
  updatedNumberScheduled: 2,
  numberAvailable: 2,
  numberReady: 2,
};

export const daemonSets: KindCases = {
  'no status': { metadata: { generation: 1 } },
  'no generation': { status: { ...scheduled, observedGeneration: 1 } },
  'no observed generation': { metadata: { generation: 1 }, status: scheduled },
  'generation is text': { metadata: { generation: '1' }, status: scheduled },
  'observed is text, no generation': { status: { ...scheduled, observedGeneration: '1' } },
  'no desired number': { metadata: { generation: 1 }, status: { observedGeneration: 1, numberReady: 2 } },
  'desired -1': { metadata: { generation: 1 }, status: { observedGeneration: 1, desiredNumberScheduled: -1 } },
  'no node fits': { metadata: { generation: 1 }, status: { observedGeneration: 1, desiredNumberScheduled: 0 } },
  'all there': { metadata: { generation: 1 }, status: { ...scheduled, observedGeneration: 1 } },
  'more than desired': {
    metadata: { generation: 1 },
    status: { ...scheduled, observedGeneration: 1, desiredNumberScheduled: 1 },
  },
};
