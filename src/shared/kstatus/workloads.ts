import type { KubeObject } from '../objects/object.ts';
import { conditionsOf, countAt, isTrue, strictCountAt, textAt } from './fields.ts';
import { current, failed, inProgress, type Readiness } from './readiness.ts';

/** What `spec.progressDeadlineSeconds` says when there is none. */
const noDeadline = 2 ** 31 - 1;

export function deploymentRule(object: KubeObject): Readiness {
  const conditions = conditionsOf(object);
  if (conditions.some(({ type, reason }) => type === 'Progressing' && reason === 'ProgressDeadlineExceeded')) {
    return failed('Progress deadline exceeded');
  }
  const wanted = countAt(object, 'spec.replicas', 1);
  const replicas = countAt(object, 'status.replicas');
  const updated = countAt(object, 'status.updatedReplicas');
  // Without a deadline the controller sets no Progressing condition.
  const rolledOut =
    countAt(object, 'spec.progressDeadlineSeconds', noDeadline) === noDeadline ||
    conditions.some(
      ({ type, status, reason }) => type === 'Progressing' && status === 'True' && reason === 'NewReplicaSetAvailable',
    );
  return (
    tooFew('Replicas', replicas, wanted) ??
    tooFew('Updated', updated, wanted) ??
    tooMany(replicas, wanted) ??
    tooFew('Available', countAt(object, 'status.availableReplicas'), updated) ??
    tooFew('Ready', countAt(object, 'status.readyReplicas'), wanted) ??
    unless(rolledOut, 'ReplicaSet not Available') ??
    unless(isTrue(conditions, 'Available'), 'Deployment not Available') ??
    current
  );
}

export function replicaSetRule(object: KubeObject): Readiness {
  const wanted = countAt(object, 'spec.replicas', 1);
  return (
    unless(!isTrue(conditionsOf(object), 'ReplicaFailure'), 'Replica Failure condition. Check Pods') ??
    tooFew('Labelled', countAt(object, 'status.fullyLabeledReplicas'), wanted) ??
    tooFew('Available', countAt(object, 'status.availableReplicas'), wanted) ??
    tooFew('Ready', countAt(object, 'status.readyReplicas'), wanted) ??
    tooMany(countAt(object, 'status.replicas'), wanted) ??
    current
  );
}

export function statefulSetRule(object: KubeObject): Readiness {
  // A person deletes the pods, so nothing ever rolls out by itself.
  if (textAt(object, 'spec.updateStrategy.type') === 'OnDelete') return current;
  const wanted = countAt(object, 'spec.replicas', 1);
  const replicas = countAt(object, 'status.replicas');
  return (
    tooFew('Replicas', replicas, wanted) ??
    tooFew('Ready', countAt(object, 'status.readyReplicas'), wanted) ??
    tooMany(replicas, wanted) ??
    statefulSetRevisions(object, wanted)
  );
}

function statefulSetRevisions(object: KubeObject, wanted: number): Readiness {
  // The API server writes a partition of 0 by default; absent, it reads as -1 there, and so does a written -1.
  const partition = countAt(object, 'spec.updateStrategy.rollingUpdate.partition', -1);
  if (partition !== -1) {
    return tooFew('updated', countAt(object, 'status.updatedReplicas'), wanted - partition) ?? current;
  }
  const isOneRevision = textAt(object, 'status.currentRevision') === textAt(object, 'status.updateRevision');
  return (
    tooFew('current', countAt(object, 'status.currentReplicas'), wanted) ??
    unless(isOneRevision, 'Waiting for updated revision to match current') ??
    current
  );
}

export function daemonSetRule(object: KubeObject): Readiness {
  // Elsewhere an absent generation is let pass; here both are there once the controller has seen the object.
  if (strictCountAt(object, 'metadata', 'generation') === undefined) {
    return inProgress(`${object.kind} metadata.generation not found`);
  }
  if (strictCountAt(object, 'status', 'observedGeneration') === undefined) {
    return inProgress(`${object.kind} status.observedGeneration not found`);
  }
  const wanted = countAt(object, 'status.desiredNumberScheduled', -1);
  if (wanted === -1) return inProgress('Missing .status.desiredNumberScheduled');
  return (
    tooFew('Current', countAt(object, 'status.currentNumberScheduled'), wanted) ??
    tooFew('Updated', countAt(object, 'status.updatedNumberScheduled'), wanted) ??
    tooFew('Available', countAt(object, 'status.numberAvailable'), wanted) ??
    tooFew('Ready', countAt(object, 'status.numberReady'), wanted) ??
    current
  );
}

function tooFew(what: string, found: number, wanted: number): Readiness | undefined {
  return found < wanted ? inProgress(`${what}: ${found}/${wanted}`) : undefined;
}

function tooMany(found: number, wanted: number): Readiness | undefined {
  return found > wanted ? inProgress(`Pending termination: ${found - wanted}`) : undefined;
}

function unless(isDone: boolean, message: string): Readiness | undefined {
  return isDone ? undefined : inProgress(message);
}
