import type { OutboundClient } from '../outbound/client.ts';
import { collectBody } from '../outbound/collect-body.ts';
import { OutboundRefused } from '../outbound/guard.ts';
import { KeyServiceError } from './key-service.ts';

const SILENCE_MS = 10_000;
const MAX_BYTES = 64 * 1024;

export interface JsonPost {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** The object that a key service answers with. A server's own words are not passed on: they may quote what it got. */
export async function postJson(
  client: OutboundClient,
  { url, headers, body }: JsonPost,
  signal: AbortSignal,
): Promise<Readonly<Record<string, unknown>>> {
  const request = {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    silenceMs: SILENCE_MS,
    signal,
  } as const;
  try {
    const response = await client.send(url, request);
    if (response.status !== 200) {
      response.discard();
      throw new KeyServiceError(`${url.host} answers ${response.status}${meaningOf(response.status)}`);
    }
    const bytes = await collectBody(response.body, { maxBytes: MAX_BYTES });
    return JSON.parse(Buffer.from(bytes).toString());
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof KeyServiceError) throw error;
    if (error instanceof OutboundRefused) throw new KeyServiceError(error.message);
    if (error instanceof SyntaxError) throw new KeyServiceError(`${url.host} answers no JSON`);
    throw new KeyServiceError(`${url.host} cannot be reached: ${codeOf(error)}`);
  }
}

function meaningOf(status: number): string {
  if (status === 401 || status === 403) return ' (denied)';
  if (status === 404) return ' (no such key)';
  return status === 429 ? ' (too many requests)' : '';
}

function codeOf(error: unknown): string {
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown };
  return String(code ?? name ?? 'unknown error');
}
