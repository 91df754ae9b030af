import { stringifyExact } from '../../shared/json/exact-json.ts';
import type { KubeObject } from '../../shared/objects/object.ts';
import { KubeError } from './errors.ts';
import { apiVersionOf, collectionPath, objectPath } from './paths.ts';
import type {
  ClusterClient,
  KubeRequest,
  KubeResponse,
  MetadataObject,
  PatchType,
  ReadRequest,
  Resource,
  WriteRequest,
} from './types.ts';

/** What a request may say about itself besides what it asks. */
export type ReadManner = Pick<ReadRequest, 'as' | 'signal' | 'lease' | 'timeoutMs'>;
export type WriteManner = Pick<WriteRequest, 'as' | 'lease' | 'timeoutMs'>;

/** One object; the namespace is absent for a cluster-scoped one. */
export interface Target {
  readonly resource: Resource;
  readonly namespace?: string | undefined;
  readonly name: string;
}

type Answer = Exclude<KubeRequest['answer'], 'discovery'>;

export async function getObject<T = KubeObject>(client: ClusterClient, target: Target & ReadManner): Promise<T> {
  return (await client.send<T>({ ...readMannerOf(target), method: 'GET', path: pathOf(target) })).body;
}

export async function getMetadata(client: ClusterClient, target: Target & ReadManner): Promise<MetadataObject> {
  const request = { ...readMannerOf(target), method: 'GET', path: pathOf(target), answer: 'metadata' } as const;
  return (await client.send<MetadataObject>(request)).body;
}

export interface Selection {
  readonly resource: Resource;
  /** Absent: all namespaces. */
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
}

export interface ListRequest extends Selection, ReadManner {
  readonly answer?: Answer;
  /** A list of more objects than this is given up. */
  readonly most?: number | undefined;
}

export interface Listed<T> {
  readonly items: readonly T[];
  readonly resourceVersion: string;
}

/** So that no page is one long parse, on either side. */
const PAGE_SIZE = 250;
const LIST_ATTEMPTS = 3;

/**
 * All objects selected, as they were at one resourceVersion. A list that outlives the server's memory of that
 * version (410) begins again: joining pages of two versions could miss an object that moved between them.
 */
export async function listPaged<T = KubeObject>(client: ClusterClient, selection: ListRequest): Promise<Listed<T>> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await listOnce<T>(client, selection);
    } catch (error) {
      if (!(error instanceof KubeError) || error.status !== 410 || attempt === LIST_ATTEMPTS) throw error;
    }
  }
}

/** Page by page, all of one resourceVersion; throws the 410 that ends it early. */
export async function* listPages<T = KubeObject>(
  client: ClusterClient,
  selection: ListRequest,
): AsyncGenerator<Listed<T>> {
  let token: string | undefined;
  do {
    const { body } = await client.send<ListBody<T>>({
      ...readMannerOf(selection),
      method: 'GET',
      path: collectionPath(selection.resource, selection.namespace),
      query: { ...selectors(selection), limit: String(PAGE_SIZE), ...(token && { continue: token }) },
      ...(selection.answer && { answer: selection.answer }),
    });
    const items = (body.items ?? []).map((item) => withKind(item, selection));
    yield { items, resourceVersion: body.metadata?.resourceVersion ?? '' };
    token = body.metadata?.continue;
  } while (token);
}

export interface ApplyRequest extends Target, WriteManner {
  /** The object as JSON, ready to send. */
  readonly body: Uint8Array | string;
  readonly fieldManager: string;
  readonly force: boolean;
  readonly dryRun?: boolean;
  readonly subresource?: string;
  readonly answer?: Answer;
}

export function serverSideApply<T = KubeObject>(client: ClusterClient, apply: ApplyRequest): Promise<KubeResponse<T>> {
  return client.send<T>({
    ...writeMannerOf(apply),
    method: 'PATCH',
    path: pathOf(apply),
    query: {
      fieldManager: apply.fieldManager,
      ...(apply.force && { force: 'true' }),
      ...(apply.dryRun && { dryRun: 'All' }),
    },
    contentType: 'application/apply-patch+yaml',
    body: apply.body,
    ...(apply.answer && { answer: apply.answer }),
  });
}

export interface PatchRequest extends Target, WriteManner {
  readonly patch: unknown;
  readonly type?: Exclude<PatchType, 'application/apply-patch+yaml'>;
  readonly fieldManager?: string;
  readonly dryRun?: boolean;
  readonly subresource?: string;
  readonly answer?: Answer;
}

/** A merge patch, unless the type says otherwise. */
export function patchObject<T = KubeObject>(client: ClusterClient, request: PatchRequest): Promise<KubeResponse<T>> {
  return client.send<T>({
    ...writeMannerOf(request),
    method: 'PATCH',
    path: pathOf(request),
    query: {
      ...(request.fieldManager && { fieldManager: request.fieldManager }),
      ...(request.dryRun && { dryRun: 'All' }),
    },
    contentType: request.type ?? 'application/merge-patch+json',
    body: stringifyExact(request.patch),
    ...(request.answer && { answer: request.answer }),
  });
}

export interface CreateRequest extends WriteManner {
  readonly resource: Resource;
  readonly namespace?: string | undefined;
  readonly body: Uint8Array | string;
  readonly fieldManager?: string;
  readonly dryRun?: boolean;
  readonly answer?: Answer;
}

export function createObject<T = KubeObject>(client: ClusterClient, request: CreateRequest): Promise<KubeResponse<T>> {
  return client.send<T>({
    ...writeMannerOf(request),
    method: 'POST',
    path: collectionPath(request.resource, request.namespace),
    query: {
      ...(request.fieldManager && { fieldManager: request.fieldManager }),
      ...(request.dryRun && { dryRun: 'All' }),
    },
    body: request.body,
    ...(request.answer && { answer: request.answer }),
  });
}

export interface ReplaceRequest extends Target, WriteManner {
  /** Carries the resourceVersion it was made from, or the server refuses it. */
  readonly body: Uint8Array | string;
  readonly fieldManager?: string;
  readonly subresource?: string;
}

export function replaceObject<T = KubeObject>(
  client: ClusterClient,
  request: ReplaceRequest,
): Promise<KubeResponse<T>> {
  return client.send<T>({
    ...writeMannerOf(request),
    method: 'PUT',
    path: pathOf(request),
    query: { ...(request.fieldManager && { fieldManager: request.fieldManager }) },
    body: request.body,
  });
}

export interface DeleteRequest extends Target, WriteManner {
  /** Deletes this very object and no namesake that came after it. */
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
  readonly propagation: 'Background' | 'Foreground' | 'Orphan';
  readonly dryRun?: boolean;
}

/** Resolves once the server has accepted it: finalizers may keep the object for a while. */
export async function deleteObject(client: ClusterClient, request: DeleteRequest): Promise<void> {
  const { uid, resourceVersion, propagation, dryRun } = request;
  await client.send({
    ...writeMannerOf(request),
    method: 'DELETE',
    path: pathOf(request),
    body: JSON.stringify({
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      propagationPolicy: propagation,
      ...((uid || resourceVersion) && { preconditions: { uid, resourceVersion } }),
      ...(dryRun && { dryRun: ['All'] }),
    }),
  });
}

async function listOnce<T>(client: ClusterClient, selection: ListRequest): Promise<Listed<T>> {
  const items: T[] = [];
  let resourceVersion = '';
  for await (const page of listPages<T>(client, selection)) {
    items.push(...page.items);
    if (items.length > (selection.most ?? Number.POSITIVE_INFINITY)) throw tooMany(selection);
    resourceVersion = page.resourceVersion;
  }
  return { items, resourceVersion };
}

function tooMany({ resource, most }: ListRequest): KubeError {
  return new KubeError({ status: 413, reason: 'TooLarge', message: `there are more than ${most} ${resource.plural}` });
}

interface ListBody<T> {
  readonly metadata?: { readonly continue?: string; readonly resourceVersion?: string };
  readonly items?: readonly T[] | null;
}

/** A built-in kind's list leaves out what its items are. */
function withKind<T>(item: T, { resource, answer }: ListRequest): T {
  if (answer === 'metadata') return item;
  return { apiVersion: apiVersionOf(resource), kind: resource.kind, ...item };
}

export function selectors({ labelSelector, fieldSelector }: Selection): Record<string, string> {
  return { ...(labelSelector && { labelSelector }), ...(fieldSelector && { fieldSelector }) };
}

function pathOf({ resource, namespace, name, subresource }: Target & { readonly subresource?: string }): string {
  return objectPath(resource, namespace, name, subresource);
}

/** Not `as: undefined`: with exactOptionalPropertyTypes, absent and undefined differ. */
function readMannerOf({ as, signal, lease, timeoutMs }: ReadManner): ReadManner {
  return {
    ...(as !== undefined && { as }),
    ...(signal !== undefined && { signal }),
    ...(lease !== undefined && { lease }),
    ...(timeoutMs !== undefined && { timeoutMs }),
  };
}

function writeMannerOf({ as, lease, timeoutMs }: WriteManner): WriteManner {
  return {
    lease,
    ...(as !== undefined && { as }),
    ...(timeoutMs !== undefined && { timeoutMs }),
  };
}
