import { mapped } from '../../main/apply/mapped.ts';
import type { Resource } from '../../main/kube/types.ts';
import { readinessAt } from '../../shared/kstatus/readiness.ts';
import { readinessOf } from '../../shared/kstatus/readiness-of.ts';
import { keys, labelValue } from '../../shared/labels.ts';
import type { KubeObject } from '../../shared/objects/object.ts';
import { type ObjectId, objectIdOf, parseObjectId } from '../../shared/objects/object-id.ts';
import { type ChildrenOf, childrenIn } from './children.ts';
import type { OwnedObject, Standing } from './owned-object.ts';
import { REQUESTS_AT_ONCE, type Reader } from './reader.ts';
import type { RecordedObject } from './recorded-objects.ts';

/** Who put them up, as their labels tell. */
export interface Owner {
  readonly namespace: string;
  readonly name: string;
}

export interface LookOptions {
  readonly owner: Owner;
  readonly reader: Reader;
  readonly nowMs: number;
  /** Whether to look for what hangs below them. */
  readonly descend: boolean;
}

/** These objects as they are now and, on request, what hangs below: a list or two for each kind and namespace. */
export async function ownedObjects(
  recorded: readonly RecordedObject[],
  { owner, reader, nowMs, descend }: LookOptions,
): Promise<readonly OwnedObject[]> {
  const live = await liveObjects(recorded, owner, reader);
  const there = [...live.values()].flatMap((found) => (found.object === undefined ? [] : [found.object]));
  const childrenOf: ChildrenOf = descend ? await childrenIn(there, reader) : () => [];
  const branch = brancher(childrenOf, nowMs);
  return recorded.map(({ id, apiVersion }) => {
    const { object, standing } = live.get(id) ?? { object: undefined, standing: notThere };
    return object === undefined ? { id, apiVersion, object, standing, children: [] } : { ...branch(object), id };
  });
}

/** A single object and what hangs below it. */
export async function withDescendants(object: KubeObject, reader: Reader, nowMs: number): Promise<OwnedObject> {
  return brancher(await childrenIn([object], reader), nowMs)(object);
}

/** Ends: who looks after an object is one, and none of the roots is looked after. */
function brancher(childrenOf: ChildrenOf, nowMs: number): (object: KubeObject) => OwnedObject {
  const branch = (object: KubeObject): OwnedObject => ({
    id: objectIdOf(object),
    apiVersion: object.apiVersion,
    object,
    standing: readinessAt(readinessOf(object, nowMs), nowMs),
    children: childrenOf(object).map(branch),
  });
  return branch;
}

type Live =
  | { readonly object: KubeObject; readonly standing?: never }
  | { readonly object: undefined; readonly standing: Standing };

const notThere: Standing = { is: 'missing', message: 'it is not there' };
const unseen: Standing = { is: 'unread', message: 'you may not look at it' };

async function liveObjects(
  recorded: readonly RecordedObject[],
  owner: Owner,
  reader: Reader,
): Promise<ReadonlyMap<ObjectId, Live>> {
  const labelSelector = `${keys.ownerName}=${labelValue(owner.name)},${keys.ownerNamespace}=${owner.namespace}`;
  const live = new Map<ObjectId, Live>();
  await mapped(byKindAndNamespace(recorded), REQUESTS_AT_ONCE, async ({ group, kind, namespace, ids }) => {
    const resource = reader.discovery.find({ group, kind });
    if (resource === undefined) {
      const standing: Standing = { is: 'missing', message: `the cluster has no kind ${kind}` };
      for (const id of ids) live.set(id, { object: undefined, standing });
      return;
    }
    const listed = await reader.list({ resource, namespace: namespaceFor(resource, namespace), labelSelector });
    const byId = new Map((listed ?? []).map((object) => [objectIdOf(object), object]));
    for (const id of ids) {
      const object = byId.get(id);
      if (object !== undefined) live.set(id, { object });
      else if (listed === undefined) live.set(id, { object: undefined, standing: unseen });
    }
  });
  // Those that are left are gone, or carry another's labels by now.
  const others = recorded.filter(({ id }) => !live.has(id)).slice(0, MOST_ASKED_FOR);
  await mapped(others, REQUESTS_AT_ONCE, async ({ id }) => live.set(id, await lookAt(id, reader)));
  return live;
}

/** One by one. Where so many are gone, those behind them hardly are not. */
const MOST_ASKED_FOR = 100;

async function lookAt(id: ObjectId, reader: Reader): Promise<Live> {
  const { group = '', kind = '', namespace = '', name = '' } = parseObjectId(id) ?? {};
  const resource = reader.discovery.find({ group, kind });
  if (resource === undefined) return { object: undefined, standing: notThere };
  const found = await reader.get({ resource, namespace: namespaceFor(resource, namespace), name });
  if (found.is === 'found') return { object: { ...found.object, kind } };
  return { object: undefined, standing: found.is === 'absent' ? notThere : unseen };
}

interface Group {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly ids: readonly ObjectId[];
}

function byKindAndNamespace(recorded: readonly RecordedObject[]): readonly Group[] {
  const parts = recorded.flatMap(({ id }) => {
    const parsed = parseObjectId(id);
    return parsed === undefined ? [] : [{ ...parsed, id }];
  });
  const grouped = Map.groupBy(parts, ({ group, kind, namespace }) => `${group} ${kind} ${namespace}`);
  return [...grouped.values()].flatMap((same) => {
    const [first] = same;
    return first === undefined ? [] : [{ ...first, ids: same.map(({ id }) => id) }];
  });
}

function namespaceFor({ namespaced }: Resource, namespace: string): string | undefined {
  return namespaced ? namespace : undefined;
}
