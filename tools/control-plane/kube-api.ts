import { Agent, request } from 'undici';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import type { Server } from './kubeconfig.ts';
import { linesOf } from './lines-of.ts';

/** Names one object; cluster-scoped kinds have no namespace. */
export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string | undefined;
}

export interface WhichObjects {
  /** All namespaces when absent. */
  readonly namespace?: string;
  readonly labelSelector?: string;
}

export interface ListOptions extends WhichObjects {
  /** As all was at this version, whatever has happened since. */
  readonly at?: string | undefined;
}

export interface ApplyOptions {
  readonly fieldManager?: string;
  readonly force?: boolean;
  readonly subresource?: 'status';
}

export interface PatchOptions {
  readonly type?: 'merge' | 'json' | 'strategic';
  readonly fieldManager?: string;
  readonly subresource?: string;
}

export interface WatchOptions extends WhichObjects {
  readonly signal: AbortSignal;
}

export interface Change<T = KubeObject> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: T;
}

export interface SendOptions {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly contentType?: string;
}

/** A plain client for tests and tools: it knows nothing of ours, so that it can judge ours. */
export interface KubeApi extends AsyncDisposable {
  send<T>(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, options?: SendOptions): Promise<T>;
  get<T = KubeObject>(ref: ObjectRef): Promise<T>;
  /** Undefined when there is none. */
  find<T = KubeObject>(ref: ObjectRef): Promise<T | undefined>;
  list<T = KubeObject>(apiVersion: string, kind: string, options?: ListOptions): Promise<T[]>;
  /** What is there, as ADDED, then every change, until the server ends it or the signal does (with its reason). */
  watch<T = KubeObject>(apiVersion: string, kind: string, options: WatchOptions): AsyncIterable<Change<T>>;
  create<T = KubeObject>(object: KubeObject): Promise<T>;
  /** Server-side apply. */
  apply<T = KubeObject>(object: KubeObject, options?: ApplyOptions): Promise<T>;
  patch<T = KubeObject>(ref: ObjectRef, patch: unknown, options?: PatchOptions): Promise<T>;
  delete(ref: ObjectRef, options?: { readonly propagationPolicy?: string }): Promise<void>;
  close(): Promise<void>;
}

export class ApiError extends Error {
  readonly status: number;
  readonly reason: string;
  constructor(status: number, reason: string, message: string) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.reason = reason;
  }
}

const patchTypes = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  strategic: 'application/strategic-merge-patch+json',
};

export function connectTo(server: Server, token: string): KubeApi {
  const agent = new Agent({ connect: { ca: server.certificateAuthority }, headersTimeout: 60_000 });
  const pathOf = pathFinder((path) => send('GET', path));

  async function send<T>(method: string, path: string, options: SendOptions = {}): Promise<T> {
    const { query, body, contentType = 'application/json' } = options;
    const response = await request(new URL(path, server.url), {
      method,
      dispatcher: agent,
      headers: { authorization: `Bearer ${token}`, accept: 'application/json', 'content-type': contentType },
      ...(query === undefined ? {} : { query }),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.body.text();
    if (response.statusCode < 300) return parseIfJson(text) as T;
    throw asApiError(`${method} ${path}`, response.statusCode, text);
  }

  async function* watch<T>(apiVersion: string, kind: string, { signal, ...options }: WatchOptions) {
    const { namespace, labelSelector } = options;
    const path = await pathOf({ apiVersion, kind, namespace });
    const { statusCode, body } = await request(new URL(path, server.url), {
      dispatcher: agent,
      headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
      query: { watch: 'true', ...(labelSelector === undefined ? {} : { labelSelector }) },
      bodyTimeout: 0, // nothing to tell for minutes is no fault
      signal,
    });
    if (statusCode !== 200) throw asApiError(`watch ${path}`, statusCode, await body.text());
    for await (const line of linesOf(body)) yield JSON.parse(line) as Change<T>;
  }

  const api: KubeApi = {
    send,
    watch,
    get: async (ref) => send('GET', await pathOf(ref)),
    find: async (ref) => api.get<never>(ref).catch(undefinedWhenNotFound),
    list: async <T>(apiVersion: string, kind: string, { namespace, labelSelector, at }: ListOptions = {}) => {
      const query = {
        ...(labelSelector !== undefined && { labelSelector }),
        ...(at !== undefined && { resourceVersion: at, resourceVersionMatch: 'Exact' }),
      };
      const answer = await send<{ items: T[] }>('GET', await pathOf({ apiVersion, kind, namespace }), { query });
      return answer.items;
    },
    create: async (object) => send('POST', await pathOf(kindOf(object)), { body: object }),
    apply: async (object, { fieldManager = 'test', force = true, subresource } = {}) =>
      send('PATCH', below(await pathOf({ ...kindOf(object), name: object.metadata.name }), subresource), {
        query: { fieldManager, force: String(force) },
        body: object,
        contentType: 'application/apply-patch+yaml',
      }),
    patch: async (ref, patch, { type = 'merge', fieldManager = 'test', subresource } = {}) =>
      send('PATCH', below(await pathOf(ref), subresource), {
        query: { fieldManager },
        body: patch,
        contentType: patchTypes[type],
      }),
    delete: async (ref, { propagationPolicy = 'Background' } = {}) => {
      await send('DELETE', await pathOf(ref), { body: { propagationPolicy } });
    },
    close: () => agent.destroy(),
    [Symbol.asyncDispose]: () => agent.destroy(),
  };
  return api;
}

interface Target {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name?: string;
}

interface ServedResource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** The plural and the scope of a kind are the server's to say; asked once a group version, again for a kind not seen then. */
function pathFinder(get: (path: string) => Promise<{ readonly resources: readonly ServedResource[] }>) {
  const seen = new Map<string, ServedResource>();
  return async (target: Target): Promise<string> => {
    const base = target.apiVersion.includes('/') ? `/apis/${target.apiVersion}` : `/api/${target.apiVersion}`;
    const key = `${base} ${target.kind}`;
    if (!seen.has(key)) {
      const { resources } = await get(base);
      for (const found of resources) if (!found.name.includes('/')) seen.set(`${base} ${found.kind}`, found);
    }
    const resource = seen.get(key);
    if (resource === undefined) throw new Error(`the server serves no ${target.kind} in ${target.apiVersion}`);
    const inNamespace = resource.namespaced && target.namespace !== undefined;
    if (resource.namespaced && !inNamespace && target.name !== undefined) {
      throw new Error(`${target.kind} ${target.name} needs a namespace`);
    }
    const collection = `${base}${inNamespace ? `/namespaces/${target.namespace}` : ''}/${resource.name}`;
    return target.name === undefined ? collection : `${collection}/${encodeURIComponent(target.name)}`;
  };
}

function kindOf(object: KubeObject): Target {
  return { apiVersion: object.apiVersion, kind: object.kind, namespace: object.metadata.namespace };
}

function below(path: string, subresource: string | undefined): string {
  return subresource === undefined ? path : `${path}/${subresource}`;
}

/** The server answers `/readyz` and an unknown path with plain text. */
function parseIfJson(text: string): unknown {
  return text.startsWith('{') ? JSON.parse(text) : text;
}

function asApiError(what: string, status: number, text: string): ApiError {
  const body = parseIfJson(text);
  if (typeof body !== 'object' || body === null) return new ApiError(status, '', `${what}: ${status}: ${text}`);
  const { reason = '', message = '' } = body as { readonly reason?: string; readonly message?: string };
  return new ApiError(status, reason, `${what}: ${status}: ${message}`);
}

function undefinedWhenNotFound(error: unknown): undefined {
  if (error instanceof ApiError && error.status === 404) return undefined;
  throw error;
}
