import type { KubeObject } from '../../shared/objects/object.ts';
import { isNotFound } from '../kube/errors.ts';
import { configMapResource, secretResource } from '../kube/own-kinds.ts';
import { getObject } from '../kube/requests.ts';
import type { ClusterClient } from '../kube/types.ts';
import type { Data, DataKind, ReadData } from './build-inputs.ts';

const resources = { ConfigMap: configMapResource, Secret: secretResource } as const;

export interface ClusterDataOptions {
  readonly client: ClusterClient;
  readonly namespace: string;
  /** Who reads: nobody reads through a StageSet what they may not read themselves. */
  readonly as: string | undefined;
  readonly signal: AbortSignal;
  /** Told of each object that was found: who it is, and in which version. */
  readonly onRead?: (kind: DataKind, name: string, version: string) => void;
}

/** ConfigMaps and Secrets of one namespace, read anew each time. */
export function clusterData({ client, namespace, as, signal, onRead }: ClusterDataOptions): ReadData {
  return async (kind, name) => {
    try {
      const { metadata, data = {} } = await getObject<KubeObject & { readonly data?: Data }>(client, {
        resource: resources[kind],
        namespace,
        name,
        signal,
        ...(as !== undefined && { as }),
      });
      onRead?.(kind, name, `${metadata.uid}/${metadata.resourceVersion}`);
      return kind === 'Secret' ? decoded(data) : data;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  };
}

function decoded(data: Data): Data {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]));
}
