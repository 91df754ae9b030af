import type { Clock } from '../../../shared/time/clock.ts';
import type { OutboundResponse } from '../../outbound/client.ts';
import { maskSecrets } from './mask-secrets.ts';

export const bodyLimits = { maxBytes: 64 * 1024, patienceMs: 10_000 };

/**
 * The beginning of a body. The status has told already what came of the request, so nothing that goes wrong here
 * counts; but a server may still be at work while it writes, so it is not cut off before that.
 */
export async function readBeginning(
  response: OutboundResponse,
  { clock, maxBytes, patienceMs }: { readonly clock: Clock } & typeof bodyLimits,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const read = new AbortController();
  clock.sleep(patienceMs, read.signal).then(response.discard, () => {});
  let length = 0;
  try {
    for await (const chunk of response.body) {
      chunks.push(chunk);
      length += chunk.byteLength;
      if (length >= maxBytes) break;
    }
  } catch {
    // Cut, silent, or out of patience: what has come is what there is.
  }
  read.abort();
  return Buffer.concat(chunks).subarray(0, maxBytes);
}

const QUOTED = 256;
/** Masks make a text shorter: so much is looked at. */
const LOOKED_AT = 1_024;

/** What a failure may tell of a body, `: "…"`; nothing where there is nothing to read. */
export function quoteBody(body: Uint8Array, secrets: readonly string[]): string {
  const text = textIn(body.subarray(0, 4 * LOOKED_AT));
  if (text === undefined) return ' with a body that is no text';
  const masked = maskSecrets(text.slice(0, LOOKED_AT), secrets);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal would act on them.
  const line = masked.replace(/[\s\x00-\x1f\x7f-\x9f]+/g, ' ').trim();
  return line === '' ? '' : `: "${line.slice(0, QUOTED).toWellFormed()}"`;
}

/** A character that is cut at the end is left out. */
function textIn(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return undefined;
  }
}
