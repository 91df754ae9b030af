import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Handler = (request: IncomingMessage, path: string) => Promise<Reply> | Reply;

export interface Reply {
  readonly status: number;
  readonly type?: string;
  readonly body: string;
}

export interface Service {
  readonly what: string;
  /** Where the address comes from, for who has to change it. */
  readonly flag: string;
  readonly address: string;
}

export interface HttpServer {
  readonly what: string;
  readonly port: number;
  close(): Promise<void>;
}

export class CannotListen extends Error {}

/** A small server for reading: bounded headers, no bodies, slow clients cut off. Serves on `host:port` or `:port`. */
export async function serve({ what, flag, address }: Service, handler: Handler): Promise<HttpServer> {
  const { host, port } = parseAddress(flag, address);
  const server = createServer(
    { maxHeaderSize: 8_192, requestTimeout: 10_000, headersTimeout: 5_000 },
    (request, response) => {
      request.resume(); // whatever body there is goes nowhere
      answer(handler, request, response);
    },
  );
  server.maxConnections = 1_000;
  server.keepAliveTimeout = 30_000;
  await listen(server, flag, host, port, address);
  return {
    what,
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(handler: Handler, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const reply = await replyTo(handler, request);
  response.writeHead(reply.status, { 'content-type': reply.type ?? 'text/plain; charset=utf-8' });
  response.end(request.method === 'HEAD' ? undefined : reply.body);
}

async function replyTo(handler: Handler, request: IncomingMessage): Promise<Reply> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return { status: 405, body: 'only GET and HEAD\n' };
  try {
    return await handler(request, (request.url ?? '/').replace(/\?.*$/, ''));
  } catch {
    return { status: 500, body: 'failed\n' };
  }
}

function parseAddress(flag: string, address: string): { readonly host: string | undefined; readonly port: number } {
  const match = /^(?:\[(.+)\]|([^:]*)):(\d{1,5})$/.exec(address);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535)
    throw new Error(`${flag}: "${address}" is not an address such as :8080 or 127.0.0.1:8080`);
  return { host: match[1] ?? (match[2] === '' ? undefined : match[2]), port };
}

function listen(server: Server, flag: string, host: string | undefined, port: number, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE' ? 'the port is taken: choose another address or end what uses it' : error.message;
      reject(new CannotListen(`${flag}: cannot listen on ${address}: ${why}`, { cause: error }));
    });
    server.listen(port, host, () => resolve());
  });
}
