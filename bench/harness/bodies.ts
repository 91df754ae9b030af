import type { KubeObject, ObjectMeta } from '../../src/shared/objects/object.ts';
import type { AuditedRequest } from './audit-log.ts';
import type { Fleet } from './fleet.ts';
import type { Site } from './site.ts';

/**
 * What the controller put into its requests, told from what they left on the cluster: the audit log keeps no bodies.
 * Earlier writes of a status or an inventory differ from the last one, as the controller's did, or the server would
 * find nothing to write.
 */
export interface Bodies {
  /** By name. */
  readonly events: ReadonlySet<string>;
  /** In another namespace, owned by the StageSets there. Asked for each request once, in their order. */
  movedTo(namespace: string, uidOf: ReadonlyMap<string, string>): (request: AuditedRequest) => string | null;
}

interface Live extends KubeObject {
  readonly status?: { readonly conditions?: readonly { readonly message: string }[] };
}

/** `earlier`: what the cluster held at the end of requests before these. */
export async function readBodies({ plane: { api } }: Site, { namespace }: Fleet, earlier?: Bodies): Promise<Bodies> {
  const list = async (apiVersion: string, kind: string) => {
    const items = await api.list<Live>(apiVersion, kind, { namespace });
    return new Map(items.map((item) => [item.metadata.name, { ...item, apiVersion, kind }]));
  };
  const live: Readonly<Record<string, ReadonlyMap<string, Live>>> = {
    configmaps: await list('v1', 'ConfigMap'),
    stagesets: await list('stages.metio.wtf/v1', 'StageSet'),
    stageinventories: await list('stages.metio.wtf/v1', 'StageInventory'),
    events: await list('events.k8s.io/v1', 'Event'),
  };
  const told = live.events ?? new Map<string, Live>();
  const events = told.values().filter(({ metadata }) => earlier?.events.has(metadata.name) !== true);

  return {
    events: new Set(told.keys()),
    movedTo(to, uidOf) {
      const writes = new Map<string, number>();
      return ({ verb, objectRef: { resource = '', subresource, name = '' } = {} }) => {
        if (verb === 'get' || verb === 'list') return null;
        // A created object has no name in the log yet.
        const object = verb === 'create' ? events.next().value : live[resource]?.get(name);
        if (object === undefined) throw new Error(`${verb} ${resource} ${name}: the cluster does not have it`);
        const what = `${resource}/${subresource}/${name}`;
        const nth = (writes.get(what) ?? 0) + 1;
        writes.set(what, nth);
        return JSON.stringify(bodyOf(object, { subresource, nth, to, uidOf }));
      };
    },
  };
}

interface Place {
  readonly subresource: string | undefined;
  readonly nth: number;
  readonly to: string;
  readonly uidOf: ReadonlyMap<string, string>;
}

function bodyOf(object: Live, { subresource, nth, to, uidOf }: Place): object {
  if (object.kind === 'StageSet') {
    return subresource === 'status'
      ? { status: statusBefore(object, nth) }
      : { metadata: { finalizers: object.metadata.finalizers } };
  }
  const { status: _status, metadata, ...rest } = object;
  const { name, labels, annotations, ownerReferences } = metadata;
  const moved: ObjectMeta = {
    name,
    namespace: to,
    ...(labels && { labels }),
    ...(annotations && { annotations: { ...annotations, ...(object.kind === 'StageInventory' && { nth: `${nth}` }) } }),
    ...(ownerReferences && {
      ownerReferences: ownerReferences.map((owner) => ({ ...owner, uid: uidOf.get(owner.name) ?? owner.uid })),
    }),
  };
  return {
    ...rest,
    ...('regarding' in rest && { regarding: { ...(rest.regarding as object), namespace: to } }),
    metadata: moved,
  };
}

function statusBefore({ status }: Live, nth: number): object {
  const conditions = status?.conditions?.map((each) => ({ ...each, message: `${each.message} (${nth})` }));
  return { ...status, conditions };
}
