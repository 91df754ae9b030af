import { withDetail } from '../../main/apply/pod-problem.ts';
import { conditionsOf } from '../../shared/kstatus/fields.ts';
import { groupOf } from '../../shared/objects/object.ts';
import { describeObjectId, parseObjectId } from '../../shared/objects/object-id.ts';
import { kindKeyOf } from '../owned/child-kinds.ts';
import { messageOf, type OwnedObject } from '../owned/owned-object.ts';
import type { Reader } from '../owned/reader.ts';
import type { Command } from './answer.ts';
import { inNamespace, resourceName } from './commands.ts';
import { lastWarning } from './events.ts';
import { type Cause, pendingClaim, podCause } from './pod-cause.ts';
import { type KindNames, refusalCommand } from './refusals.ts';

/** Why this object is not as it should be, from itself down to its pods and their events. */
export async function causeOf(owned: OwnedObject, reader: Reader, names: KindNames): Promise<Cause> {
  const what = describeObjectId(owned.id);
  const stands = messageOf(owned.standing);
  const title = stands === '' || owned.standing.is === 'terminating' ? what : `${what} (${stands})`;
  const cause = (await deeperCause(owned, reader, names)) ?? { text: '', next: showObject(owned, reader) };
  return { text: cause.text === '' ? title : `${title}: ${cause.text}`, next: cause.next };
}

async function deeperCause(owned: OwnedObject, reader: Reader, names: KindNames): Promise<Cause | undefined> {
  const { object } = owned;
  if (object === undefined) return undefined;
  if (object.metadata.deletionTimestamp !== undefined) return heldBack(owned, reader);
  if (kindKeyOf(object) === '/PersistentVolumeClaim') return pendingClaim(object, reader);
  return (
    (await causeAmongPods(owned, reader)) ??
    (await refusedPods(owned, reader, names)) ??
    (await causeAmongClaims(owned, reader)) ??
    (await toldByEvents(owned, reader))
  );
}

/** The newest pod that has a problem: it is of what was applied last. */
async function causeAmongPods(owned: OwnedObject, reader: Reader): Promise<Cause | undefined> {
  const pods = [owned, ...descendantsOf(owned)].filter(
    ({ object }) => object !== undefined && kindKeyOf(object) === '/Pod',
  );
  for (const pod of pods.toSorted((a, b) => createdMs(b) - createdMs(a))) {
    if (pod.object?.metadata.deletionTimestamp !== undefined) continue;
    const cause = await podCause(pod, reader);
    if (cause !== undefined) return pod === owned ? { ...cause, text: cause.text.replace(/^pod \S+: /, '') } : cause;
  }
  return undefined;
}

/** Conditions of workloads that say that their pods cannot even be made, or have failed for good. */
const telling: ReadonlySet<string> = new Set(['ReplicaFailure', 'Failed', 'FailureTarget']);

/** Quotas and webhooks refuse pods, not the object that wants them. */
async function refusedPods(owned: OwnedObject, reader: Reader, names: KindNames): Promise<Cause | undefined> {
  for (const each of [owned, ...descendantsOf(owned)]) {
    const { object } = each;
    if (object === undefined || !makesPods.has(kindKeyOf(object))) continue;
    const condition = conditionsOf(object).find(({ type, status }) => telling.has(type) && status === 'True');
    const told = condition ?? (await lastWarning(object, reader));
    if (told === undefined) continue;
    const text = withDetail(told.reason, told.message);
    const who = each === owned ? '' : `${object.kind} ${object.metadata.name}: `;
    const next = refusalCommand(`${describeObjectId(each.id)}: ${told.message}`, names) ?? showObject(each, reader);
    return { text: `${who}${text}`, next };
  }
  return undefined;
}

const makesPods: ReadonlySet<string> = new Set([
  'apps/Deployment',
  'apps/ReplicaSet',
  'apps/StatefulSet',
  'apps/DaemonSet',
  'batch/Job',
]);

async function causeAmongClaims(owned: OwnedObject, reader: Reader): Promise<Cause | undefined> {
  for (const { object } of descendantsOf(owned)) {
    if (object === undefined || kindKeyOf(object) !== '/PersistentVolumeClaim') continue;
    const cause = await pendingClaim(object, reader);
    if (cause !== undefined) return cause;
  }
  return undefined;
}

async function toldByEvents(owned: OwnedObject, reader: Reader): Promise<Cause | undefined> {
  for (const each of [owned, ...descendantsOf(owned)]) {
    if (each.object === undefined || each.standing.is === 'current') continue;
    const told = await lastWarning(each.object, reader);
    if (told === undefined) continue;
    const who = each === owned ? '' : `${each.object.kind} ${each.object.metadata.name}: `;
    return { text: `${who}${withDetail(told.reason, told.message)}`, next: showObject(each, reader) };
  }
  return undefined;
}

/** What is being deleted and does not go. */
export function heldBack(owned: OwnedObject, reader: Reader): Cause | undefined {
  const { metadata } = owned.object ?? {};
  if (metadata?.deletionTimestamp === undefined) return undefined;
  const finalizers = (metadata.finalizers ?? []).map((each) => `"${each}"`);
  if (finalizers.length === 0) return { text: 'it is being deleted', next: showObject(owned, reader) };
  const many = finalizers.length > 1;
  const text = `it is being deleted, and held by its finalizer${many ? 's' : ''} ${finalizers.join(', ')}`;
  const { namespace } = metadata;
  const name = commandName(owned, reader);
  const get: Command = ['kubectl', 'get', name, metadata.name, ...inNamespace(namespace), '-o', 'yaml'];
  return { text, next: get };
}

function showObject(owned: OwnedObject, reader: Reader): Command {
  const { namespace = '', name = '' } = parseObjectId(owned.id) ?? {};
  const kind = commandName(owned, reader);
  if (owned.object !== undefined) return ['kubectl', 'describe', kind, name, ...inNamespace(namespace)];
  // One that is not there is no error to look for.
  return ['kubectl', 'get', kind, '--field-selector', `metadata.name=${name}`, ...inNamespace(namespace)];
}

function commandName({ id, apiVersion }: OwnedObject, { discovery }: Reader): string {
  const { kind = '', group = groupOf(apiVersion) } = parseObjectId(id) ?? {};
  const resource = discovery.find({ group, kind });
  return resource === undefined ? kind.toLowerCase() : resourceName(resource);
}

function descendantsOf({ children }: OwnedObject): readonly OwnedObject[] {
  return children.flatMap((child) => [child, ...descendantsOf(child)]);
}

function createdMs({ object }: OwnedObject): number {
  return Date.parse(object?.metadata.creationTimestamp ?? '') || 0;
}
