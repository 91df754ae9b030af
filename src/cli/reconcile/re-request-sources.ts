import { Discovery } from '../../main/kube/discovery.ts';
import { getObject, patchObject } from '../../main/kube/requests.ts';
import { type ClusterClient, unleased } from '../../main/kube/types.ts';
import { sourceRefsOf } from '../../main/source/pin-sources.ts';
import { isFluxSource, type SourceRef } from '../../main/source/resolve.ts';
import { toSourceObject } from '../../main/source/source-object.ts';
import type { StageSet } from '../../shared/api/types.ts';
import { FLUX_SOURCE_GROUP } from '../../shared/flux-sources.ts';
import { keys } from '../../shared/labels.ts';
import { groupOf } from '../../shared/objects/object.ts';
import { warn } from '../tell.ts';

interface Named {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/**
 * Asks whatever the stages come from to look for something newer: each source or producer once and, of an
 * ExternalArtifact, what makes it. Where one cannot be asked a warning says so, and the others are.
 */
export async function reRequestSources(set: StageSet, token: string, client: ClusterClient): Promise<void> {
  const discovery = new Discovery(client);
  const asking = new Map<string, Promise<void>>();
  const once = (source: Named): Promise<void> => {
    const key = JSON.stringify(source);
    const begun = asking.get(key) ?? ask(source).catch((error: unknown) => warn(why(source, error)));
    asking.set(key, begun);
    return begun;
  };
  const ask = async (source: Named): Promise<void> => {
    const { namespace, name, kind, group } = source;
    const resource = await discovery.lookUp({ group, kind });
    if (resource === undefined) throw new Error(`this cluster has no kind ${kind} in ${group || 'the core group'}`);
    const target = { resource, namespace, name };
    const annotations = { [keys.requestedAt]: token };
    await patchObject(client, { ...target, patch: { metadata: { annotations } }, answer: 'metadata', lease: unleased });
    if (group !== FLUX_SOURCE_GROUP || kind !== 'ExternalArtifact') return;
    const { producer } = toSourceObject(kind, await getObject(client, target));
    if (producer !== undefined) await once({ ...producer, namespace });
  };
  await Promise.all(sourceRefsOf(set).map(({ ref }) => once(namedBy(ref))));
}

function namedBy(ref: SourceRef): Named {
  const { kind, namespace, name, apiVersion = '' } = ref;
  return { group: isFluxSource(ref) ? FLUX_SOURCE_GROUP : groupOf(apiVersion), kind, namespace, name };
}

function why({ kind, namespace, name }: Named, error: unknown): string {
  const because = error instanceof Error ? error.message : String(error);
  return `${kind} ${namespace}/${name} could not be asked for anything newer: ${because}`;
}
