import type { ClusterClient, KubeRequest } from '../../main/kube/types.ts';

/** Only a real apply does what comes next: a comparison ends here. */
export class WouldWrite extends Error {
  constructor({ method, path }: KubeRequest) {
    super(`${method} ${path} would write, and a comparison writes nothing`);
    this.name = 'WouldWrite';
  }
}

/** A client that sends no write but those which the server only plays through. */
export function dryOnly(client: ClusterClient): ClusterClient {
  return {
    ...client,
    send: async (request) => {
      if (request.method !== 'GET' && !isDry(request)) throw new WouldWrite(request);
      return client.send(request);
    },
  };
}

function isDry({ method, query, body }: KubeRequest): boolean {
  if (method !== 'DELETE') return query?.dryRun === 'All';
  const options = JSON.parse(String(body ?? '{}')) as { readonly dryRun?: readonly string[] };
  return options.dryRun?.includes('All') === true;
}
