import type { IncomingHttpHeaders } from 'node:http';
import { KubeError, type StatusDetails } from './errors.ts';
import type { WireAnswer } from './exchange.ts';
import type { KubeResponse } from './types.ts';

/** The answer as its caller wants it, or the error it is. */
export function readAnswer<T>(answer: WireAnswer, asked: string, manner?: RefusalManner): KubeResponse<T> {
  if (answer.status < 200 || answer.status > 299) throw refusal(answer, asked, manner);
  return { status: answer.status, body: parseBody<T>(answer, asked), warnings: warningsIn(answer.headers.warning) };
}

export interface RefusalManner {
  /** Whether a body that is no Status object may be quoted. */
  readonly quoteAnything: boolean;
}

/** What a status outside 2xx says: a Status object from an API server, anything at all from what stands before it. */
export function refusal(answer: WireAnswer, asked: string, manner: RefusalManner = { quoteAnything: true }): KubeError {
  const said = tryParse(answer.body);
  const status = isStatusObject(said) ? said : undefined;
  const code = isUnfitForSchema(answer.status, status) ? 422 : answer.status;
  return new KubeError({
    status: code,
    reason: status?.reason || reasonByCode[code] || 'Unknown',
    message: status?.message || `${asked}: HTTP ${answer.status}${manner.quoteAnything ? excerpt(answer.body) : ''}`,
    details: status?.details,
    retryAfterMs: retryAfterMs(answer.headers, status?.details),
  });
}

/** `299 - "text"`, several a header or several headers. */
export function warningsIn(header: string | string[] | undefined): readonly string[] {
  if (header === undefined) return [];
  const joined = Array.isArray(header) ? header.join(', ') : header;
  return [...joined.matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) => text.replaceAll(/\\(.)/g, '$1'));
}

function parseBody<T>(answer: WireAnswer, asked: string): T {
  const body = tryParse(answer.body);
  if (body !== undefined) return body as T;
  // No excerpt of it: this may be a Secret, cut short.
  const message = `${asked}: answered HTTP ${answer.status} with something that is not JSON`;
  throw new KubeError({ status: 0, reason: 'BadAnswer', message });
}

function tryParse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

interface StatusObject {
  readonly kind: 'Status';
  readonly reason?: string;
  readonly message?: string;
  readonly details?: StatusDetails;
}

function isStatusObject(body: unknown): body is StatusObject {
  return typeof body === 'object' && body !== null && 'kind' in body && body.kind === 'Status';
}

/** To an apply with an unknown field or a wrong type the server says 500, though it will never take it. */
function isUnfitForSchema(code: number, status: StatusObject | undefined): boolean {
  if (code !== 500 || status?.reason) return false;
  const message = status?.message ?? '';
  // A conversion webhook may be away for a while: that passes.
  return /^failed to (create typed patch|convert new) object /.test(message) && !message.includes('webhook');
}

function retryAfterMs(headers: IncomingHttpHeaders, details: StatusDetails | undefined): number | undefined {
  const seconds = Number(headers['retry-after'] ?? details?.retryAfterSeconds);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : undefined;
}

/** The first words of an HTML page or a plain text, on one line. */
function excerpt(body: Buffer): string {
  const words = body.toString('utf8', 0, 400).replaceAll(/\s+/g, ' ').trim();
  return words === '' ? '' : `: ${words.slice(0, 200)}`;
}

const reasonByCode: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  406: 'NotAcceptable',
  409: 'Conflict',
  410: 'Expired',
  413: 'RequestEntityTooLarge',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};
