import { groupOf, type KubeObject } from '../objects/object.ts';
import { conditionsOf, textAt, UnreadableField } from './fields.ts';
import { abnormalConditionRule, deletionRule, generationRule, readyConditionRule } from './generic.ts';
import { jobRule, podRule } from './pods.ts';
import { current, failed, inProgress, type Readiness } from './readiness.ts';
import { daemonSetRule, deploymentRule, replicaSetRule, statefulSetRule } from './workloads.ts';

/**
 * The readiness of an object as its cluster last showed it, by the rules of kstatus (cli-utils).
 * Time matters to a pod that no node takes: without an event it turns from in progress to failed 15 s after its creation,
 * which `later` tells.
 */
export function readinessOf(object: KubeObject, nowMs: number): Readiness {
  try {
    return (
      deletionRule(object) ??
      generationRule(object) ??
      abnormalConditionRule(object) ??
      kindRuleOf(object)?.(object, nowMs) ??
      readyConditionRule(object) ??
      current
    );
  } catch (error) {
    if (error instanceof UnreadableField) return { is: 'unknown', message: error.message };
    throw error;
  }
}

type KindRule = (object: KubeObject, nowMs: number) => Readiness;

function kindRuleOf(object: KubeObject): KindRule | undefined {
  return kindRules.get(`${groupOf(object.apiVersion)}/${object.kind}`);
}

/** By `<group>/<kind>`. What is not here is judged by its Ready condition, or current for want of one. */
const kindRules: ReadonlyMap<string, KindRule> = new Map([
  ['apps/Deployment', deploymentRule],
  ['extensions/Deployment', deploymentRule],
  ['apps/ReplicaSet', replicaSetRule],
  ['extensions/ReplicaSet', replicaSetRule],
  ['apps/StatefulSet', statefulSetRule],
  ['apps/DaemonSet', daemonSetRule],
  ['extensions/DaemonSet', daemonSetRule],
  ['/Pod', podRule],
  ['batch/Job', jobRule],
  ['/PersistentVolumeClaim', claimRule],
  ['/Service', serviceRule],
  ['apiextensions.k8s.io/CustomResourceDefinition', crdRule],
  ['batch/CronJob', alwaysCurrent],
  ['policy/PodDisruptionBudget', alwaysCurrent],
  ['/ConfigMap', alwaysCurrent],
  ['/Secret', alwaysCurrent],
]);

/** Whatever a Ready condition on it may say. */
function alwaysCurrent(): Readiness {
  return current;
}

function claimRule(object: KubeObject): Readiness {
  const phase = textAt(object, 'status.phase', 'unknown');
  return phase === 'Bound' ? current : inProgress(`PVC is not Bound. phase: ${phase}`);
}

/** A load balancer needs no address from outside, only its cluster IP. */
function serviceRule(object: KubeObject): Readiness {
  const isWaiting = textAt(object, 'spec.type') === 'LoadBalancer' && textAt(object, 'spec.clusterIP') === '';
  return isWaiting ? inProgress('ClusterIP not set. Service type: LoadBalancer') : current;
}

/** The first condition in the list that decides. */
function crdRule(object: KubeObject): Readiness {
  for (const { type, status, reason, message } of conditionsOf(object)) {
    if (type === 'NamesAccepted' && status === 'False') return failed(message);
    if (type === 'Established' && status === 'False' && reason !== 'Installing') return failed(message);
    if (type === 'Established' && status === 'True') return current;
  }
  return inProgress('Install in progress');
}
