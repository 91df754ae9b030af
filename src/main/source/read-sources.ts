import { FLUX_SOURCE_GROUP, type FluxSourceKind } from '../../shared/flux-sources.ts';
import type { Discovery } from '../kube/discovery.ts';
import { isNotFound } from '../kube/errors.ts';
import { getObject, listPaged } from '../kube/requests.ts';
import type { ClusterClient } from '../kube/types.ts';
import { isFluxSource, type SourceRef, type Sources } from './resolve.ts';
import { type SourceObject, toSourceObject } from './source-object.ts';

/** The sources that these references lead to, as they are now: for who looks once and watches nothing. */
export async function readSources(
  refs: readonly SourceRef[],
  {
    client,
    discovery,
    signal,
  }: { readonly client: ClusterClient; readonly discovery: Discovery; readonly signal: AbortSignal },
): Promise<Sources> {
  const resourceOf = (kind: FluxSourceKind) => discovery.find({ group: FLUX_SOURCE_GROUP, kind });

  async function get({ kind, namespace, name }: SourceRef): Promise<readonly SourceObject[]> {
    const resource = resourceOf(kind as FluxSourceKind);
    if (resource === undefined) return [];
    try {
      const object = await getObject(client, { resource, namespace, name, signal });
      return [toSourceObject(kind as FluxSourceKind, object)];
    } catch (error) {
      if (isNotFound(error)) return [];
      throw error;
    }
  }

  async function externalArtifactsIn(namespace: string): Promise<readonly SourceObject[]> {
    const resource = resourceOf('ExternalArtifact');
    if (resource === undefined) return [];
    const { items } = await listPaged(client, { resource, namespace, signal });
    return items.map((object) => toSourceObject('ExternalArtifact', object));
  }

  const named = refs.filter(isFluxSource);
  const producers = refs.filter((ref) => !isFluxSource(ref));
  const namespaces = [...new Set(producers.map(({ namespace }) => namespace))];
  const found = (await Promise.all(named.map(get))).flat();
  const published = (await Promise.all(namespaces.map(externalArtifactsIn))).flat();
  return {
    served: (kind) => resourceOf(kind) !== undefined,
    get: (kind, namespace, name) =>
      found.find(
        ({ kind: its, metadata }) => its === kind && metadata.namespace === namespace && metadata.name === name,
      ),
    publishedBy: (namespace, { group, kind, name }) =>
      published.filter(
        ({ metadata, producer }) =>
          metadata.namespace === namespace &&
          producer?.group === group &&
          producer.kind === kind &&
          producer.name === name,
      ),
  };
}
