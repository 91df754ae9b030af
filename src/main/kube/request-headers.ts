import { isCollectionPath } from './paths.ts';
import type { KubeRequest } from './types.ts';

/** Everything but who asks. */
export function headersFor(request: KubeRequest): Record<string, string> {
  const headers: Record<string, string> = { accept: acceptFor(request) };
  if (request.body !== undefined) headers['content-type'] = request.contentType ?? 'application/json';
  return headers;
}

type Headers = Readonly<Record<string, string | string[]>>;

/**
 * Who asks: whose credentials these are or, by the user header alone, whom the request stands in for. That is one
 * answer: nothing of whom the credentials themselves stand in for may be left beside it.
 */
export function identityOf({ as }: KubeRequest, credentials: Headers): Headers {
  if (as === undefined) return credentials;
  const kept = Object.entries(credentials).filter(([name]) => !name.toLowerCase().startsWith('impersonate-'));
  return { ...Object.fromEntries(kept), 'impersonate-user': as };
}

/** An empty header would mean "nobody", and some proxies drop it: the request would then run as the controller itself. */
export function refuseEmptyUser(request: KubeRequest): void {
  if (request.as !== undefined && lacksName(request.as))
    throw new RangeError('cannot impersonate a user without a name');
}

/** A ServiceAccount's user is made of parts. */
function lacksName(user: string): boolean {
  return user.trim() === '' || (user.startsWith('system:serviceaccount:') && user.split(':').includes(''));
}

export function pathWithQuery(path: string, query: KubeRequest['query']): string {
  if (query === undefined) return path;
  const search = new URLSearchParams(query).toString();
  return search === '' ? path : `${path}?${search}`;
}

function acceptFor({ answer, method, path, query }: KubeRequest): string {
  if (answer === 'discovery') return AGGREGATED_DISCOVERY;
  if (answer !== 'metadata') return 'application/json';
  // A watch on a collection brings its objects one by one, and what is created in it is one. Asked for a list there,
  // the server does what it is told and answers 406: the write would look as if it had failed.
  const isList = method === 'GET' && query?.watch === undefined && isCollectionPath(path);
  return isList ? METADATA_LIST : METADATA;
}

const METADATA = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
const METADATA_LIST = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
const AGGREGATED_DISCOVERY = [
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
  'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList',
  'application/json',
].join(',');
