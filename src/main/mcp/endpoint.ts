import type { IncomingMessage } from 'node:http';
import type { Handler, Reply } from '../servers/answer.ts';
import { readBody } from '../servers/read-body.ts';
import type { Asked, answerMessage, Served } from './answer-message.ts';
import type { Bearer } from './callers.ts';
import { refusalOf } from './came-from.ts';

/** A call of any tool fits many times over. */
const MOST_BYTES = 65_536;

export interface EndpointOptions extends Served {
  /** Host part of the address that is served. */
  readonly bindHost: string;
  readonly answer: typeof answerMessage;
}

/** `POST /mcp`: one JSON-RPC message in, its answer out. */
export function mcpEndpoint({ bindHost, answer, ...served }: EndpointOptions): Handler {
  return async (request, path) => {
    if (path !== '/mcp') return { status: 404, body: 'not found: /mcp is here\n' };
    const refusal = refusalOf(request.headers, bindHost);
    if (refusal !== undefined) return failure(403, -32_000, refusal);
    const message = parsed(await readBody(request, MOST_BYTES));
    if (message === undefined) return failure(400, -32_700, 'the body is not JSON');
    // A page of answers is bounded, a hundred of them would not be; the protocol has dropped batches for good reasons.
    if (Array.isArray(message)) return failure(400, -32_600, 'one message a request: batches are not taken');
    return await answer(served, { message, headers: told(request), bearer: bearerOf(request) });
  };
}

/** As JSON-RPC has it, without an id: it answers the request, no message in it. */
function failure(status: number, code: number, message: string): Reply {
  const body = JSON.stringify({ jsonrpc: '2.0', error: { code, message }, id: null });
  return { status, type: 'application/json', body };
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** All that the protocol looks at. */
function told({ headers }: IncomingMessage): Asked['headers'] {
  const names = ['accept', 'content-type', 'mcp-protocol-version'];
  return Object.fromEntries(
    names.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]])),
  );
}

function bearerOf({ headers: { authorization = '' }, socket }: IncomingMessage): Bearer | undefined {
  const token = /^Bearer +([\w.~+/=-]+)$/i.exec(authorization)?.[1];
  return token === undefined ? undefined : { token, peer: socket.remoteAddress ?? '' };
}
