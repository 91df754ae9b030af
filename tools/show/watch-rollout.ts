import type { StageSet } from '../../src/shared/api/types.ts';
import { keys } from '../../src/shared/labels.ts';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import { follow } from '../control-plane/follow.ts';
import type { KubeApi } from '../control-plane/kube-api.ts';
import type { News } from './news.ts';

export interface Watched {
  readonly namespace: string;
  readonly name: string;
  /** Of the objects to be told of. */
  readonly kinds: readonly { readonly apiVersion: string; readonly kind: string }[];
}

interface EventOf extends KubeObject {
  readonly type: string;
  readonly reason: string;
  readonly note: string;
  readonly regarding: { readonly kind: string; readonly name: string };
}

/** Tells of a StageSet, of what it applied, and of the events about it, until the signal. */
export function watchRollout(
  api: KubeApi,
  { namespace, name, kinds }: Watched,
  tell: (news: News) => void,
  signal: AbortSignal,
): void {
  void follow<StageSet & KubeObject>(
    api,
    { apiVersion: 'stages.metio.wtf/v1', kind: 'StageSet', namespace },
    ({ object }) => {
      if (object.metadata.name === name) tell({ is: 'stage set', set: object });
    },
    signal,
  );
  void follow<EventOf>(
    api,
    { apiVersion: 'events.k8s.io/v1', kind: 'Event', namespace },
    ({ type: change, object: { type, reason, note, regarding } }) => {
      if (change === 'DELETED' || regarding.kind !== 'StageSet' || regarding.name !== name) return;
      tell({ is: 'event', type, reason, note });
    },
    signal,
  );
  const labelSelector = `${keys.ownerName}=${name}`;
  for (const kind of kinds) {
    const told = ({ type, object }: { readonly type: string; readonly object: KubeObject }) =>
      tell({ is: 'object', object, gone: type === 'DELETED' });
    void follow(api, { ...kind, namespace, labelSelector }, told, signal);
  }
}
