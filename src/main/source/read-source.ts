import { FLUX_SOURCE_GROUP, type FluxSourceKind } from '../../shared/flux-sources.ts';
import type { KubeObject } from '../../shared/objects/object.ts';
import type { Discovery } from '../kube/discovery.ts';
import { isNotFound } from '../kube/errors.ts';
import { getObject, listPaged } from '../kube/requests.ts';
import type { ClusterClient, Resource } from '../kube/types.ts';
import { isFluxSource, type SourceRef, type Sources } from './resolve.ts';
import { toSourceObject } from './source-object.ts';

export interface ReadSourceMeans {
  readonly client: ClusterClient;
  readonly discovery: Discovery;
  readonly signal: AbortSignal;
}

/** What this reference leads to, as it is now: for who looks once and watches nothing. */
export async function readSource(ref: SourceRef, means: ReadSourceMeans): Promise<Sources> {
  const isNamed = isFluxSource(ref);
  const kind = isNamed ? (ref.kind as FluxSourceKind) : 'ExternalArtifact';
  const resource = means.discovery.find({ group: FLUX_SOURCE_GROUP, kind });
  const objects = resource === undefined ? [] : await (isNamed ? getIfThere : listAll)(resource, ref, means);
  const sources = objects.map((object) => toSourceObject(kind, object));
  return {
    served: (asked) => asked === kind && resource !== undefined,
    get: (asked, namespace, name) =>
      sources.find(
        (each) => each.kind === asked && each.metadata.namespace === namespace && each.metadata.name === name,
      ),
    publishedBy: (namespace, producer) =>
      sources.filter(
        ({ metadata, producer: its }) =>
          metadata.namespace === namespace &&
          its?.group === producer.group &&
          its.kind === producer.kind &&
          its.name === producer.name,
      ),
  };
}

async function getIfThere(
  resource: Resource,
  { namespace, name }: SourceRef,
  { client, signal }: ReadSourceMeans,
): Promise<readonly KubeObject[]> {
  try {
    return [await getObject(client, { resource, namespace, name, signal })];
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}

async function listAll(
  resource: Resource,
  { namespace }: SourceRef,
  { client, signal }: ReadSourceMeans,
): Promise<readonly KubeObject[]> {
  return (await listPaged(client, { resource, namespace, signal })).items;
}
