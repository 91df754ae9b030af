import { isIP } from 'node:net';
import { createSecureContext } from 'node:tls';
import { Agent, type Dispatcher, Pool, ProxyAgent } from 'undici';
import type { ClusterConfig } from './config.ts';
import { MAX_IN_FLIGHT } from './pace.ts';

/** Under the API server's own 90 s and a load balancer's usual 60 s: it is us who hang up, so no request meets a dead socket. */
const KEEP_ALIVE_MS = 45_000;

export interface Transport {
  /** Requests: few HTTP/1.1 connections, each with one request at a time. */
  readonly requests: Dispatcher;
  /**
   * Streams: HTTP/2, about 100 a connection. The number of connections is free, since a cap would leave the next
   * stream waiting until another ends, and watches do not end.
   */
  readonly streams: Dispatcher;
}

export function openTransport(config: ClusterConfig): Transport {
  const forRequests = { connections: MAX_IN_FLIGHT, allowH2: false, keepAliveTimeout: KEEP_ALIVE_MS, ...noTimeouts };
  const forStreams = { allowH2: true, ...noTimeouts };
  const connect = tlsOptions(config);
  if (config.proxyUrl !== undefined) {
    // Through a tunnel undici takes the name to ask the server for from here only.
    const requestTls = { ...connect, servername: config.tls.serverName ?? hostToAskFor(config.server) };
    return {
      requests: new ProxyAgent({ uri: config.proxyUrl, requestTls, proxyTls: lookupOf(config), ...forRequests }),
      streams: new ProxyAgent({ uri: config.proxyUrl, requestTls, proxyTls: lookupOf(config), ...forStreams }),
    };
  }
  return {
    requests: new Pool(new URL(config.server).origin, { connect, ...forRequests }),
    streams: new Agent({ connect, ...forStreams }),
  };
}

/** Deadlines are ours (deadline.ts), and a watch may be silent for minutes. */
const noTimeouts = { headersTimeout: 0, bodyTimeout: 0 };

function tlsOptions(config: ClusterConfig) {
  const { tls } = config;
  const { ca, cert, key } = tls;
  return {
    // One for all: reading the certificates takes milliseconds, and a rush opens every connection at once.
    secureContext: createSecureContext({ ca, cert, key }),
    ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
    rejectUnauthorized: !tls.insecure,
    keepAliveInitialDelay: 30_000,
    ...lookupOf(config),
  };
}

function lookupOf({ untrusted }: ClusterConfig) {
  return untrusted === undefined ? {} : { lookup: untrusted.lookup };
}

function hostToAskFor(server: string): string | undefined {
  const host = new URL(server).hostname.replace(/^\[|\]$/g, '');
  return isIP(host) === 0 ? host : undefined;
}
