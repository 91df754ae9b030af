import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How a server may treat who downloads from it. */
export type Fault =
  | { readonly is: 'status'; readonly status: number; readonly retryAfterSeconds?: number }
  | { readonly is: 'redirect'; readonly to: string }
  /** The connection breaks after so many bytes of the announced ones. */
  | { readonly is: 'truncated'; readonly afterBytes: number }
  /** Nothing more comes after so many bytes; with none, not even headers. */
  | { readonly is: 'hang'; readonly afterBytes?: number }
  | { readonly is: 'slow'; readonly bytesPerSecond: number }
  | { readonly is: 'otherContent'; readonly content: Uint8Array };

export interface Misbehaviour {
  readonly fault: Fault;
  /** How many requests it meets; all when absent. */
  readonly times?: number | undefined;
}

/** Serves files from memory on a free port, and counts. */
export interface ArtifactServer extends AsyncDisposable {
  readonly url: string;
  /** Paths asked for, in order, faults included. */
  readonly requests: readonly string[];
  put(path: string, content: Uint8Array): void;
  remove(path: string): void;
  misbehave(path: string, misbehaviour: Misbehaviour): void;
  behave(path: string): void;
  close(): Promise<void>;
}

export async function startArtifactServer(): Promise<ArtifactServer> {
  const contents = new Map<string, Uint8Array>();
  const faults = new Map<string, { readonly fault: Fault; left: number }>();
  const requests: string[] = [];

  function nextFault(path: string): Fault | undefined {
    const entry = faults.get(path);
    if (entry === undefined || entry.left === 0) return undefined;
    entry.left -= 1;
    return entry.fault;
  }

  const server = createServer((request, response) => {
    const path = pathOf(request);
    requests.push(path);
    const content = contents.get(path);
    const fault = nextFault(path);
    if (fault !== undefined) answerWithFault(fault, response, content ?? new Uint8Array());
    else if (content === undefined) response.writeHead(404).end('404 page not found\n');
    else response.writeHead(200, headersFor(content)).end(content);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  const close = async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    put: (path, content) => void contents.set(path, content),
    remove: (path) => void contents.delete(path),
    misbehave: (path, { fault, times = Number.POSITIVE_INFINITY }) => void faults.set(path, { fault, left: times }),
    behave: (path) => void faults.delete(path),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function pathOf(request: IncomingMessage): string {
  return decodeURIComponent(new URL(request.url ?? '/', 'http://any').pathname);
}

function headersFor(content: Uint8Array) {
  return { 'content-type': 'application/gzip', 'content-length': content.length, 'accept-ranges': 'bytes' };
}

function answerWithFault(fault: Fault, response: ServerResponse, content: Uint8Array): void {
  switch (fault.is) {
    case 'status':
      if (fault.retryAfterSeconds !== undefined) response.setHeader('retry-after', fault.retryAfterSeconds);
      response.writeHead(fault.status).end();
      break;
    case 'redirect':
      response.writeHead(302, { location: fault.to }).end();
      break;
    case 'truncated':
      response.writeHead(200, headersFor(content));
      response.write(content.subarray(0, fault.afterBytes), () => response.destroy());
      break;
    case 'hang':
      if (fault.afterBytes === undefined) break;
      response.writeHead(200, headersFor(content));
      response.write(content.subarray(0, fault.afterBytes));
      break;
    case 'slow':
      response.writeHead(200, headersFor(content));
      trickle(response, content, fault.bytesPerSecond);
      break;
    case 'otherContent':
      response.writeHead(200, headersFor(fault.content)).end(fault.content);
      break;
    default:
      fault satisfies never;
  }
}

/** Ten portions a second, until all is sent or nobody listens. */
function trickle(response: ServerResponse, content: Uint8Array, bytesPerSecond: number): void {
  const portion = Math.max(1, Math.floor(bytesPerSecond / 10));
  let sent = 0;
  const timer = setInterval(() => {
    response.write(content.subarray(sent, sent + portion));
    sent += portion;
    if (sent >= content.length) response.end();
  }, 100);
  response.once('close', () => clearInterval(timer));
}
