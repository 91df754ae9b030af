// A process of its own in the place of a Kubernetes API server: answers from memory, as late as a real one was recorded
// to. It prints its address, and ends with its parent. What is measured against it says so.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import { endWithParent } from '../../tools/end-with-parent.ts';
import { type Answer, isIn, isSelected, placeOf, StandInApi } from './api.ts';
import { latencyOf, readLatencies } from './latencies.ts';

export interface Served {
  readonly requests: Readonly<Record<string, number>>;
  readonly watchEvents: number;
  readonly watchBytes: number;
}

const latencies = await readLatencies();
const api = new StandInApi();
const requests: Record<string, number> = {};
let watchEvents = 0;
let watchBytes = 0;

endWithParent(() => process.exit());
const server = createServer((request, response) => {
  take(request, response).catch((error: unknown) => {
    console.error(error);
    response.destroy();
  });
});
await once(server.listen(0, '127.0.0.1'), 'listening');
console.log((server.address() as AddressInfo).port);

async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = 'GET', headers } = request;
  const url = new URL(request.url ?? '/', 'http://stand-in');
  if (url.pathname === '/stand-in') {
    reply(response, 200, { requests, watchEvents, watchBytes } satisfies Served);
    return;
  }
  if (url.searchParams.has('watch')) {
    watch(url, headers.accept ?? '', response);
    return;
  }
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  const {
    what,
    status,
    body: answer,
  }: Answer = api.answer({
    method,
    url,
    body,
    contentType: headers['content-type'] ?? '',
  });
  requests[what] = (requests[what] ?? 0) + 1;
  await delay(latencyOf(latencies, what, Math.random()));
  reply(response, status, answer);
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  const aggregated = (body as { readonly kind?: string }).kind === 'APIGroupDiscoveryList';
  const type = `application/json${aggregated ? ';g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' : ''}`;
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
}

function watch(url: URL, accept: string, response: ServerResponse): void {
  const place = placeOf(url.pathname);
  if (place === undefined) {
    reply(response, 404, { kind: 'Status', code: 404, reason: 'NotFound' });
    return;
  }
  const objects = api.objectsOf(place.served);
  const inForm = accept.includes('PartialObjectMetadata') ? metadataOnly : (object: KubeObject) => object;
  const tell = (type: string, object: object) => {
    const line = `${JSON.stringify({ type, object })}\n`;
    watchEvents += 1;
    watchBytes += line.length;
    response.write(line);
  };
  const tellOne = (type: string, object: KubeObject) => {
    if (isIn(object, place.namespace) && isSelected(object, url.searchParams)) tell(type, inForm(object));
  };
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  const stop = objects.listen(tellOne);
  response.once('close', stop);
  if (url.searchParams.has('resourceVersion')) return;
  for (const object of objects.all()) tellOne('ADDED', object);
  const annotations = { 'k8s.io/initial-events-end': 'true' };
  const { kind, apiVersion } = { kind: place.served.kind, apiVersion: 'v1' };
  if (url.searchParams.has('sendInitialEvents')) {
    tell('BOOKMARK', { kind, apiVersion, metadata: { resourceVersion: api.version, annotations } });
  }
}

function metadataOnly({ metadata }: KubeObject): object {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
}
