import { createInterface } from 'node:readline';
import { Agent, request } from 'undici';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import type { ControlPlane } from '../../tools/control-plane/control-plane.ts';

/**
 * Every version that an object has had since `since`, the newest included. The server remembers them, so nothing has
 * to watch while they are made.
 */
export async function versionsSince<T extends Pick<KubeObject, 'metadata'>>(
  plane: Pick<ControlPlane, 'server' | 'adminToken'>,
  collection: string,
  newest: T,
  since: string,
): Promise<readonly T[]> {
  const { name, resourceVersion } = newest.metadata;
  const versions: T[] = [];
  if (resourceVersion === since) return versions;
  const agent = new Agent({ connect: { ca: plane.server.certificateAuthority } });
  try {
    const { body } = await request(new URL(collection, plane.server.url), {
      dispatcher: agent,
      headers: { authorization: `Bearer ${plane.adminToken}` },
      query: { watch: 'true', resourceVersion: since, fieldSelector: `metadata.name=${name}`, timeoutSeconds: '20' },
    });
    for await (const line of createInterface(body)) {
      const { type, object } = JSON.parse(line) as { readonly type: string; readonly object: T };
      if (type === 'ERROR') throw new Error(`the versions since ${since} are not to be had: ${line}`);
      versions.push(object);
      if (object.metadata.resourceVersion === resourceVersion) return versions;
    }
    throw new Error(`the server never told of version ${resourceVersion}`);
  } finally {
    await agent.destroy();
  }
}
