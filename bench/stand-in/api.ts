import type { KubeObject } from '../../src/shared/objects/object.ts';
import { whatOf } from '../harness/audit-log.ts';
import { aggregatedDiscovery, kinds, resourceList, type ServedKind } from './kinds.ts';
import { Objects } from './objects.ts';
import { isMap, type Json, managedBy, mergePatch } from './patches.ts';

export interface Question {
  readonly method: string;
  readonly url: URL;
  readonly contentType: string;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** As the audit log of a real server sums it up: what it takes as long as. */
  readonly what: string;
}

export interface Place {
  readonly served: ServedKind;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

/** An API server as far as a controller can tell: objects in memory, no schema, no rights, and nobody at work on them. */
export class StandInApi {
  readonly #stored = new Map<string, Objects>(
    kinds.map(({ group, plural }) => [`${group}/${plural}`, new Objects(() => this.nextVersion())]),
  );
  #version = 1;

  nextVersion(): string {
    this.#version += 1;
    return String(this.#version);
  }

  get version(): string {
    return String(this.#version);
  }

  objectsOf({ group, plural }: ServedKind): Objects {
    return this.#stored.get(`${group}/${plural}`) ?? new Objects(() => this.nextVersion());
  }

  answer(question: Question): Answer {
    const { method, url } = question;
    const place = placeOf(url.pathname);
    if (place === undefined) return { status: 200, what: url.pathname, body: this.#aside(url.pathname, question) };
    const { served, name, subresource } = place;
    const verb = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' }[method] ?? (name ? 'get' : 'list');
    const objectRef = { resource: served.plural, ...(subresource !== undefined && { subresource }) };
    const what = whatOf({ verb, requestURI: url.search, objectRef });
    return { what, ...this.#act(place, question) };
  }

  /** What is about no kind of object: discovery, versions, and access reviews, which all grant. */
  #aside(path: string, { body, method }: Question): unknown {
    if (path === '/api' || path === '/apis') return aggregatedDiscovery(path === '/api' ? 'api' : 'apis');
    if (path === '/version') return { major: '1', minor: '36', gitVersion: 'v1.36.0-stand-in' };
    if (method === 'POST') return { ...JSON.parse(body), status: { allowed: true } };
    const [, , group = ''] = /^\/(?:api|apis\/([^/]+))\/(v1)$/.exec(path) === null ? [] : ['', '', path.split('/')[2]];
    return resourceList(path.startsWith('/api/') ? '' : group);
  }

  #act(place: Place, question: Question): Omit<Answer, 'what'> {
    const { served, namespace, name } = place;
    const objects = this.objectsOf(served);
    if (name === undefined) {
      return question.method === 'POST' ? this.#create(place, question) : this.#list(place, question.url);
    }
    const key = keyOf(namespace, name);
    const found = objects.get(key);
    const isApply = question.contentType.startsWith('application/apply-patch');
    if (found === undefined && !isApply) return notFound(served, name);
    switch (question.method) {
      case 'GET':
        return { status: 200, body: found };
      case 'DELETE':
        return { status: 200, body: objects.delete(key) };
      default:
        return this.#write(place, question, found);
    }
  }

  #create(place: Place, { body, url }: Question): Omit<Answer, 'what'> {
    const object = JSON.parse(body) as KubeObject;
    const key = keyOf(place.namespace, object.metadata.name);
    if (this.objectsOf(place.served).get(key) !== undefined) return conflict(place.served, object.metadata.name);
    const born = bornAs(object, place);
    return { status: 201, body: isDryRun(url) ? born : this.objectsOf(place.served).put(key, born) };
  }

  #write(place: Place, { contentType, body, url, method }: Question, found: KubeObject | undefined) {
    const { served, namespace, name = '', subresource } = place;
    const sent = JSON.parse(body) as Json;
    const before = found ?? bornAs({ ...sent, metadata: { name } } as unknown as KubeObject, place);
    const { resourceVersion } = isMap(sent.metadata) ? sent.metadata : {};
    if (found !== undefined && resourceVersion !== undefined && resourceVersion !== found.metadata.resourceVersion) {
      return conflict(served, name);
    }
    const changes = subresource === 'status' ? { status: sent.status } : withoutStatus(sent);
    const merged = (method === 'PUT' ? sent : mergePatch(before, changes)) as unknown as KubeObject;
    const isSame = found !== undefined && JSON.stringify(found) === JSON.stringify(merged);
    if (isSame) return { status: 200, body: found };
    const after = withMeta(before, merged, { body: sent, contentType, url, subresource });
    if (isDryRun(url)) return { status: 200, body: after };
    return { status: found === undefined ? 201 : 200, body: this.objectsOf(served).put(keyOf(namespace, name), after) };
  }

  #list({ served, namespace }: Place, url: URL): Omit<Answer, 'what'> {
    const items = [...this.objectsOf(served).all()].filter(
      (object) => isIn(object, namespace) && isSelected(object, url.searchParams),
    );
    const { kind, group } = served;
    const apiVersion = group === '' ? 'v1' : `${group}/v1`;
    return {
      status: 200,
      body: { kind: `${kind}List`, apiVersion, metadata: { resourceVersion: this.version }, items },
    };
  }
}

export function placeOf(path: string): Place | undefined {
  const match =
    /^\/(?:api|apis\/(?<group>[^/]+))\/v1(?:\/namespaces\/(?<namespace>[^/]+))?\/(?<plural>[a-z]+)(?:\/(?<name>[^/]+))?(?:\/(?<sub>[a-z]+))?$/.exec(
      path,
    );
  const { group = '', namespace, plural, name, sub } = match?.groups ?? {};
  const served = kinds.find((each) => each.group === group && each.plural === plural);
  return served && { served, namespace, name: name && decodeURIComponent(name), subresource: sub };
}

export function isIn({ metadata }: KubeObject, namespace: string | undefined): boolean {
  return namespace === undefined || metadata.namespace === namespace;
}

/** Selectors of the forms that are asked with: `a`, `a=b`, `a,b=c` of labels, and names of fields. */
export function isSelected({ metadata }: KubeObject, query: URLSearchParams): boolean {
  const labels = metadata.labels ?? {};
  const terms = (query.get('labelSelector') ?? '').split(',').filter((term) => term !== '');
  const field = /^metadata\.name=(.*)$/.exec(query.get('fieldSelector') ?? '')?.[1];
  const fits = (term: string) => {
    const [key = '', value] = term.split('=');
    return value === undefined ? key in labels : labels[key] === value;
  };
  return terms.every(fits) && (field === undefined || field === metadata.name);
}

function keyOf(namespace: string | undefined, name: string): string {
  return `${namespace ?? ''}/${name}`;
}

function isDryRun(url: URL): boolean {
  return url.searchParams.has('dryRun');
}

function bornAs(object: KubeObject, { namespace, served }: Place): KubeObject {
  const creationTimestamp = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  const { group, version, kind } = served;
  return {
    ...object,
    apiVersion: group === '' ? version : `${group}/${version}`,
    kind,
    metadata: {
      ...object.metadata,
      ...(namespace !== undefined && { namespace }),
      uid: crypto.randomUUID(),
      creationTimestamp,
      generation: 1,
    },
  } as KubeObject;
}

interface Write {
  readonly body: Json;
  readonly contentType: string;
  readonly url: URL;
  readonly subresource: string | undefined;
}

/** What a server adds by itself: the generation and whose the fields are. */
function withMeta(before: KubeObject, merged: KubeObject, { body, contentType, url, subresource }: Write): KubeObject {
  const {
    uid,
    generation = 1,
    creationTimestamp,
    managedFields = [],
  } = before.metadata as KubeObject['metadata'] & {
    readonly creationTimestamp?: string;
  };
  const manager = url.searchParams.get('fieldManager') ?? 'unknown';
  const isApply = contentType.startsWith('application/apply-patch');
  const specMoved = JSON.stringify(before.spec) !== JSON.stringify(merged.spec);
  const entry = managedBy(body, { manager, apiVersion: merged.apiVersion, nowMs: Date.now() });
  const others = managedFields.filter((each) => each.manager !== manager || each.operation !== 'Apply');
  return {
    ...merged,
    metadata: {
      ...merged.metadata,
      uid,
      creationTimestamp,
      generation: specMoved ? generation + 1 : generation,
      managedFields: isApply && subresource === undefined ? [...others, entry] : managedFields,
    },
  } as KubeObject;
}

function withoutStatus({ status: _, ...rest }: Json): Json {
  return rest;
}

function notFound({ plural }: ServedKind, name: string) {
  return { status: 404, body: statusObject(404, 'NotFound', `${plural} "${name}" not found`) };
}

function conflict({ plural }: ServedKind, name: string) {
  return { status: 409, body: statusObject(409, 'Conflict', `${plural} "${name}" has been changed`) };
}

function statusObject(code: number, reason: string, message: string): object {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message };
}
