import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../shared/time/clock.ts';
import { type BindAddress, parseBindAddress } from './address.ts';
import { boundConnections } from './connections.ts';

// An import would read every export, `WebSocket` among them, for which Node loads its own fetch: 50 ms of each start.
const { createServer: createHttpServer } = process.getBuiltinModule('node:http');

export interface Service {
  readonly what: string;
  /** Where the address comes from, for who has to change it. */
  readonly flag: string;
  readonly address: string;
  /** Serves HTTPS with this; `{}` where it comes later: until then no handshake succeeds. */
  readonly certificate?: Certificate | Readonly<Record<string, never>>;
}

/** Both in PEM; the leaf first, then what it was signed by. */
export interface Certificate {
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
}

export type OnRequest = (request: IncomingMessage, response: ServerResponse) => void;

export interface OpenServer {
  readonly what: string;
  readonly port: number;
  /** New connections get this one. Throws where the two do not belong together. */
  renew(certificate: Certificate): void;
  /** Takes no new connection and lets answers that are under way finish, for some seconds at most. */
  close(): Promise<void>;
}

/** Its message is one line that names the flag. */
export class CannotListen extends Error {}

const limits = {
  maxHeaderSize: 8_192,
  headersTimeout: 5_000,
  /** Until all of a request is in, its body too. */
  requestTimeout: 10_000,
  connectionsCheckingInterval: 1_000,
  /** Longer than API server and Prometheus keep theirs: who hangs up first never meets the other's request. */
  keepAliveTimeout: 100_000,
} as const;
const HANDSHAKE_MS = 5_000;
/** For a handler, and for whoever does not read the answer. */
const SILENCE_MS = 60_000;
const DRAIN_MS = 3_000;

/**
 * Every server of the controller is opened here: what it takes of headers, time and connections is bounded, and it ends
 * in order. Who reads a body bounds that with `readBody`.
 */
export async function openServer(service: Service, onRequest: OnRequest, clock: Clock): Promise<OpenServer> {
  const { what, flag, address, certificate } = service;
  const bindAddress = parseBindAddress(address);
  if (bindAddress === undefined) {
    throw new CannotListen(`${flag}: "${address}" is not an address such as :8080 or 127.0.0.1:8080`);
  }
  const secure =
    certificate === undefined
      ? undefined
      : createHttpsServer({ ...limits, ...certificate, minVersion: 'TLSv1.2', handshakeTimeout: HANDSHAKE_MS });
  const server = secure ?? createHttpServer(limits);
  server.timeout = SILENCE_MS;
  const connections = boundConnections(server);
  server.on('request', onRequest);
  await listen(server, service, bindAddress);
  return {
    what,
    port: (server.address() as AddressInfo).port,
    renew: ({ cert, key }) => secure?.setSecureContext({ cert, key, minVersion: 'TLSv1.2' }),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      connections.drain();
      const over = new AbortController();
      const timeUp = clock.sleep(DRAIN_MS, over.signal).then(
        () => server.closeAllConnections(),
        () => {},
      );
      await Promise.race([closed, timeUp]);
      over.abort();
      await closed;
    },
  };
}

function listen(server: Server | HttpsServer, { flag, address }: Service, { host, port }: BindAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    // For good: what goes wrong with a connection later is no reason to end the process.
    server.on('error', (error: NodeJS.ErrnoException) => {
      reject(new CannotListen(`${flag}: cannot listen on ${address}: ${whyNot(error)}`, { cause: error }));
    });
    server.listen(port, host, () => resolve());
  });
}

function whyNot({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'EADDRINUSE':
      return 'the port is taken: choose another address or end what uses it';
    case 'EACCES':
      return 'the port is not for everyone: choose one above 1023';
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return 'this machine has no such address';
    default:
      return message;
  }
}
