import { podProblem, troubledContainer, withDetail } from '../../main/apply/pod-problem.ts';
import { fieldAt, isFields } from '../../shared/kstatus/fields.ts';
import type { KubeObject } from '../../shared/objects/object.ts';
import type { OwnedObject } from '../owned/owned-object.ts';
import type { Reader } from '../owned/reader.ts';
import type { Command } from './answer.ts';
import { lastWarning } from './events.ts';
import { lastWordsOf } from './last-words.ts';

export interface Cause {
  readonly text: string;
  readonly next: Command;
}

/** Why this pod does not run as it should; undefined where nothing is known against it. */
export async function podCause({ object: pod, standing }: OwnedObject, reader: Reader): Promise<Cause | undefined> {
  if (pod === undefined) return undefined;
  const { name, namespace = '' } = pod.metadata;
  const describe: Command = ['kubectl', 'describe', 'pods', name, '-n', namespace];
  const problem = podProblem(pod);
  if (problem === undefined) {
    if (standing.is === 'current') return undefined;
    const told = await lastWarning(pod, reader);
    return told && { text: `pod ${name}: ${withDetail(told.reason, told.message)}`, next: describe };
  }
  const container = troubledContainer(pod);
  if (container === undefined || !problem.startsWith(`container ${container.name}:`)) {
    return (await claimCause(pod, problem, reader)) ?? { text: `pod ${name}: ${problem}`, next: describe };
  }
  const hasRun = ['state', 'lastState'].some((state) => isFields(fieldAt(container.status, `${state}.terminated`)));
  if (hasRun) {
    const { text, previous } = await lastWordsOf(pod, container, reader);
    const words = text === undefined ? '' : `, its last words: ${text}`;
    const logs: Command = ['kubectl', 'logs', name, '-n', namespace, '-c', container.name];
    return { text: `pod ${name}: ${problem}${words}`, next: previous ? [...logs, '--previous'] : logs };
  }
  // The kubelet's events tell more than the one word of the status.
  const told = problem.includes(': ', `container ${container.name}: `.length)
    ? undefined
    : await lastWarning(pod, reader);
  const more = told === undefined ? '' : `: ${told.message}`;
  return { text: `pod ${name}: ${problem}${more}`, next: describe };
}

/** A pod that waits for its volume: the claim knows why. */
async function claimCause(pod: KubeObject, problem: string, reader: Reader): Promise<Cause | undefined> {
  const resource = reader.discovery.find({ group: '', kind: 'PersistentVolumeClaim' });
  if (!/persistentvolumeclaim/i.test(problem) || resource === undefined) return undefined;
  const { name: podName, namespace } = pod.metadata;
  const volumes = fieldAt(pod, 'spec.volumes');
  const claims = (Array.isArray(volumes) ? volumes : []).map((each) =>
    fieldAt(each, 'persistentVolumeClaim.claimName'),
  );
  for (const name of claims.filter((claim) => typeof claim === 'string')) {
    const found = await reader.get({ resource, namespace, name });
    if (found.is !== 'found') continue;
    const cause = await pendingClaim(found.object, reader);
    if (cause !== undefined) return { ...cause, text: `pod ${podName} waits for its volume, and ${cause.text}` };
  }
  return undefined;
}

/** Of a claim that no volume is bound to. What it waits for is told by normal events too. */
export async function pendingClaim(claim: KubeObject, reader: Reader): Promise<Cause | undefined> {
  if (fieldAt(claim, 'status.phase') === 'Bound') return undefined;
  const { name, namespace = '' } = claim.metadata;
  const told = await lastWarning(claim, reader, 'any');
  const why = told === undefined ? 'no volume is bound to it' : withDetail(told.reason, told.message);
  const next: Command = ['kubectl', 'describe', 'persistentvolumeclaims', name, '-n', namespace];
  return { text: `PersistentVolumeClaim ${name}: ${why}`, next };
}
