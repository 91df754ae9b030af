import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { LineCutter } from '../../src/main/kube/lines.ts';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import type { TestPlane } from './test-plane.ts';

/**
 * Every version that an object has had since `since`, the newest included. The server remembers them, so nothing has
 * to watch while they are made.
 */
export async function versionsSince<T extends Pick<KubeObject, 'metadata'>>(
  plane: Pick<TestPlane, 'server' | 'adminToken'>,
  collection: string,
  newest: T,
  since: string,
): Promise<readonly T[]> {
  const { name, resourceVersion } = newest.metadata;
  const versions: T[] = [];
  if (resourceVersion === since) return versions;
  const url = new URL(collection, plane.server.url);
  url.search = `watch=true&resourceVersion=${since}&fieldSelector=metadata.name%3D${name}&timeoutSeconds=20`;
  const request = get(url, {
    ca: plane.server.certificateAuthority,
    headers: { authorization: `Bearer ${plane.adminToken}` },
    agent: false,
  });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const lines = new LineCutter();
  for await (const chunk of response) {
    for (const line of lines.cut(chunk)) {
      const { type, object } = JSON.parse(line) as { readonly type: string; readonly object: T };
      if (type === 'ERROR') throw new Error(`the versions since ${since} are not to be had: ${line}`);
      versions.push(object);
      if (object.metadata.resourceVersion === resourceVersion) return versions;
    }
  }
  throw new Error(`the server never told of version ${resourceVersion}`);
}
