import { keys } from '../../shared/labels.ts';
import { groupOf, type KubeObject, type OwnerReference, versionOf } from '../../shared/objects/object.ts';
import type { Reader } from '../owned/reader.ts';

/** The object on the way up that a StageSet has put up, or the last one where none has. */
export interface OwnerChain {
  /** From what owns the object itself on; empty where it owns itself. */
  readonly through: readonly KubeObject[];
  readonly top: KubeObject;
}

/** A pod has three above it; nothing sensible has ten. */
const HIGHEST = 10;

/** Up along owner references, to the first that carries the labels of a StageSet. */
export async function ownerOf(object: KubeObject, reader: Reader): Promise<OwnerChain> {
  const through: KubeObject[] = [];
  let top = object;
  while (!isLabelled(top) && through.length < HIGHEST) {
    const above = await ownerAbove(top, reader);
    if (above === undefined) break;
    through.push(above);
    top = above;
  }
  return { through, top };
}

/** An action's Job has other labels: its owner is named by UID. */
export function isLabelled({ metadata: { labels = {} } }: KubeObject): boolean {
  const isPutUp = labels[keys.ownerName] !== undefined && labels[keys.ownerNamespace] !== undefined;
  return isPutUp || labels[keys.actionOwner] !== undefined;
}

async function ownerAbove({ metadata }: KubeObject, reader: Reader): Promise<KubeObject | undefined> {
  const { ownerReferences = [], namespace } = metadata;
  const reference = ownerReferences.find(({ controller }) => controller) ?? ownerReferences[0];
  if (reference === undefined) return undefined;
  const resource = reader.discovery.find(kindOf(reference)) ?? reader.discovery.find(anyVersionOf(reference));
  if (resource === undefined) return undefined;
  const within = resource.namespaced ? namespace : undefined;
  const found = await reader.get({ resource, namespace: within, name: reference.name });
  // A namesake that came after it owns nothing here.
  if (found.is !== 'found' || found.object.metadata.uid !== reference.uid) return undefined;
  return { ...found.object, kind: resource.kind };
}

function kindOf({ apiVersion, kind }: OwnerReference) {
  return { group: groupOf(apiVersion), version: versionOf(apiVersion), kind };
}

function anyVersionOf({ apiVersion, kind }: OwnerReference) {
  return { group: groupOf(apiVersion), kind };
}
