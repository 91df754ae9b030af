import type { IncomingHttpHeaders } from 'node:http';
import { unescape as decoded } from 'node:querystring';
import { Agent, type Dispatcher } from 'undici';
import { orAborted } from '../../shared/time/deadline.ts';
import type { OutboundPolicy } from './guard.ts';
import { guardedConnect, type Resolve, resolveBySystem } from './guarded-connect.ts';
import { tellingWhenSent } from './telling-when-sent.ts';

export interface OutboundRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** How long the server may stay silent, before its answer or in the middle of it. */
  readonly silenceMs: number;
  readonly signal: AbortSignal;
  /** Called just before the first byte goes out. Until then the server knows of nothing. */
  readonly onSent?: () => void;
}

export interface OutboundClientOptions {
  readonly resolve?: Resolve;
  /**
   * False: a connection for each request. One that is kept may have been closed by the server a moment ago, and a
   * request that must not go out twice would fail by it.
   */
  readonly keepAlive?: boolean;
}

export interface OutboundResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Leaving the loop early, or `discard`, closes the connection. */
  readonly body: AsyncIterable<Uint8Array>;
  discard(): void;
}

/**
 * The one way out to a URL that a tenant can name. One client a policy, with connections of its own.
 * Promises: no connection to an address that the policy refuses, whatever the URL spells or a name resolves to;
 * no redirect is followed, no proxy variable looked at; an abort is answered at once.
 */
export class OutboundClient {
  readonly #agent: Agent;
  readonly #keepAlive: boolean;

  constructor(policy: OutboundPolicy, { resolve = resolveBySystem, keepAlive = true }: OutboundClientOptions = {}) {
    this.#agent = new Agent({ connect: guardedConnect(policy, resolve), allowH2: false });
    this.#keepAlive = keepAlive;
  }

  /** Rejects with OutboundRefused, the signal's reason, or undici's own error. */
  async send(url: URL, request: OutboundRequest): Promise<OutboundResponse> {
    const { method, headers, body, silenceMs, signal, onSent } = request;
    signal.throwIfAborted();
    const dispatcher = onSent === undefined ? this.#agent : this.#agent.compose(tellingWhenSent(onSent));
    const answer = dispatcher.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method,
      headers: { ...credentialsIn(url), ...headers },
      body: body ?? null,
      headersTimeout: silenceMs,
      bodyTimeout: silenceMs,
      reset: !this.#keepAlive,
      signal,
    });
    // undici hears of an abort only once it is connected.
    return responseOf(await orAborted(answer, signal));
  }

  /** Ends requests that are still under way. */
  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}

function responseOf({ statusCode, headers, body }: Dispatcher.ResponseData): OutboundResponse {
  return {
    status: statusCode,
    headers,
    body,
    discard: () => body.on('error', () => {}).destroy(),
  };
}

/** As curl and Go do it. */
function credentialsIn({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === '' && password === '') return {};
  const plain = `${decoded(username)}:${decoded(password)}`;
  return { authorization: `Basic ${Buffer.from(plain).toString('base64')}` };
}
