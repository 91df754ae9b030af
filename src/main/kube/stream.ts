import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { WireAnswer } from './exchange.ts';

export type StreamAnswer =
  | { readonly refused: false; readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: Readable }
  | ({ readonly refused: true } & WireAnswer);

/** More than any Status object takes. */
const MAX_REFUSAL_BYTES = 1 << 20;

/** Asks for a body without end. The signal covers the headers, and the whole answer where it is a refusal. */
export async function openStream(
  dispatcher: Dispatcher,
  wire: Dispatcher.DispatchOptions,
  signal: AbortSignal,
): Promise<StreamAnswer> {
  const { statusCode: status, headers, body } = await dispatcher.request({ ...wire, signal });
  // Without a listener, a stream that is cut before anyone reads it would end the process.
  body.on('error', () => {});
  if (status >= 200 && status <= 299) return { refused: false, status, headers, body };
  return { refused: true, status, headers, body: await firstBytes(body, MAX_REFUSAL_BYTES) };
}

/**
 * The body's bytes as they come, read by someone or not until the signal cuts them off. Ends with the signal's
 * reason, or with what `explain` makes of a broken stream.
 */
export function chunksOf(
  body: Readable,
  signal: AbortSignal | undefined,
  explain: (error: unknown) => Error,
): AsyncIterable<Uint8Array> {
  const cut = () => body.destroy();
  signal?.addEventListener('abort', cut);
  body.once('close', () => signal?.removeEventListener('abort', cut));
  if (signal?.aborted) cut();

  async function* chunks(): AsyncGenerator<Uint8Array> {
    try {
      yield* body;
    } catch (error) {
      throw signal?.aborted ? signal.reason : explain(error);
    }
  }
  return chunks();
}

async function firstBytes(body: Readable, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > limit) break;
  }
  return Buffer.concat(chunks);
}
