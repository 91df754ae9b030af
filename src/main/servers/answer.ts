import type { IncomingMessage, ServerResponse } from 'node:http';
import type { OnRequest } from './open-server.ts';
import { BadBody } from './read-body.ts';
import { boundUnread } from './unread.ts';

export type Handler = (request: IncomingMessage, path: string) => Promise<Reply> | Reply;

export interface Reply {
  readonly status: number;
  /** Plain text where nothing is said. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Answering {
  readonly methods: readonly string[];
  /** What a handler threw: a bug, for what a client does wrong is a reply. Who asked learns no more than that. */
  readonly failed: (error: unknown) => void;
}

/** Answers each request in one piece. What a body that cannot be read asks for is refused here. */
export function answering({ methods, failed }: Answering, handler: Handler): OnRequest {
  const readsBodies = methods.includes('POST');
  const countUnread = boundUnread();
  return async (request, response) => {
    const reply = await replyTo(request);
    if (response.destroyed) return;
    countUnread(response, reply.body.length);
    await send(request, response, reply);
  };

  async function replyTo(request: IncomingMessage): Promise<Reply> {
    if (!methods.includes(request.method ?? '')) {
      return { status: 405, headers: { allow: methods.join(', ') }, body: `only ${methods.join(' and ')}\n` };
    }
    if (!readsBodies) request.resume();
    try {
      return await handler(request, pathOf(request));
    } catch (error) {
      if (error instanceof BadBody) return { status: error.status, body: `${error.message}\n` };
      failed(error);
      return { status: 500, body: 'failed\n' };
    }
  }
}

export function pathOf({ url = '/' }: IncomingMessage): string {
  return url.replace(/\?.*$/, '');
}

/** A connection that is closed under a client who still sends takes the answer with it: so much of a body is let in first. */
const DREGS_BYTES = 8 * 2 ** 20;

async function send(request: IncomingMessage, response: ServerResponse, reply: Reply): Promise<void> {
  const { status, type, headers, body } = reply;
  const sendsStill = hasBody(request) && !request.complete;
  if (sendsStill) response.setHeader('connection', 'close');
  response.writeHead(status, {
    ...headers,
    'content-type': type ?? 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'x-content-type-options': 'nosniff',
  });
  if (request.method !== 'HEAD') response.write(body);
  if (sendsStill) await letIn(request, DREGS_BYTES);
  response.end();
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** For how long, the server bounds. */
function letIn(request: IncomingMessage, mostBytes: number): Promise<void> {
  return new Promise((resolve) => {
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > mostBytes) resolve();
    });
    request.once('end', resolve);
    request.once('close', resolve);
  });
}
