import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import type { WireAnswer } from './exchange.ts';
import { StreamedBody } from './streamed-body.ts';

export type StreamAnswer =
  | {
      readonly refused: false;
      readonly status: number;
      readonly headers: IncomingHttpHeaders;
      readonly body: StreamedBody;
    }
  | ({ readonly refused: true } & WireAnswer);

/** More than any Status object takes. */
const MAX_REFUSAL_BYTES = 1 << 20;

/**
 * Asks for a body without end. The signal covers the headers, and the whole answer where it is a refusal. A body that
 * breaks off later does so with what `explain` makes of that.
 */
export async function openStream(
  dispatcher: Dispatcher,
  wire: Dispatcher.DispatchOptions,
  signal: AbortSignal,
  explain: (error: unknown) => unknown,
): Promise<StreamAnswer> {
  signal.throwIfAborted();
  let hasBegun = false;
  const body = new StreamedBody((error) => (hasBegun ? explain(error) : error));
  const cut = () => body.cut(signal.reason);
  signal.addEventListener('abort', cut);
  try {
    dispatcher.dispatch(wire, body.handler);
    const { status, headers } = await body.began;
    if (status < 200 || status > 299) {
      return { refused: true, status, headers, body: await firstBytes(body, MAX_REFUSAL_BYTES) };
    }
    hasBegun = true;
    return { refused: false, status, headers, body };
  } finally {
    signal.removeEventListener('abort', cut);
  }
}

async function firstBytes(body: StreamedBody, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > limit) break;
  }
  return Buffer.concat(chunks);
}
