import type { IncomingHttpHeaders } from 'node:http';
import type { OutboundClient, OutboundRequest } from '../outbound/client.ts';
import { BodyTooLarge, collectBody } from '../outbound/collect-body.ts';
import { OutboundRefused } from '../outbound/guard.ts';
import { KeyServiceError } from './key-service.ts';

const SILENCE_MS = 10_000;
const MAX_BYTES = 64 * 1024;

export interface Question extends Pick<OutboundRequest, 'method' | 'headers' | 'body'> {
  readonly url: URL;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array<ArrayBuffer>;
}

/**
 * One request to a key service, by hand or for a cloud's own library: what the outbound client promises about addresses,
 * redirects and proxies then holds for the library too. Throws a KeyServiceError, or the signal's reason.
 */
export async function exchange(
  client: OutboundClient,
  { url, ...request }: Question,
  signal: AbortSignal,
): Promise<Answer> {
  try {
    const { status, headers, body } = await client.send(url, { ...request, silenceMs: SILENCE_MS, signal });
    return { status, headers, body: new Uint8Array(await collectBody(body, { maxBytes: MAX_BYTES })) };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof OutboundRefused) throw new KeyServiceError(error.message);
    if (error instanceof BodyTooLarge) throw new KeyServiceError(`${url.host} answers ${error.message}`);
    throw new KeyServiceError(`${url.host} cannot be reached: ${codeOf(error)}`, { isPassing: true });
  }
}

/** What an answer that is not 200 means. A server's own words are not passed on: they may quote what it got. */
export function refusal({ host }: URL, status: number): KeyServiceError {
  return new KeyServiceError(`${host} answers ${status}${meanings.get(status) ?? ''}`, {
    isPassing: status === 429 || status >= 500,
  });
}

const meanings: ReadonlyMap<number, string> = new Map([
  [400, ' (the key does not open it)'],
  [401, ' (denied)'],
  [403, ' (denied)'],
  [404, ' (no such key)'],
  [429, ' (too many requests)'],
]);

function codeOf(error: unknown): string {
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown };
  return String(code ?? name ?? 'unknown error');
}
