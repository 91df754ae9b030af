import type { Clock } from '../../shared/time/clock.ts';
import { deadlineIn } from '../../shared/time/deadline.ts';
import { explain } from '../kube/network-error.ts';
import type { OutboundClient, OutboundResponse } from '../outbound/client.ts';
import { BodyTooLarge, collectBody } from '../outbound/collect-body.ts';
import { OutboundRefused } from '../outbound/guard.ts';
import { backoffMs } from '../queue/backoff.ts';
import type { Artifact } from './source-object.ts';

export type FetchErrorCode =
  | 'BadUrl'
  | 'Refused'
  | 'Unreachable'
  /** A 404: perhaps the source has moved on, and resolving again helps. */
  | 'NotFound'
  | 'HttpStatus'
  | 'TooLarge'
  | 'Truncated';

/** The message names host and path; never user, password or query. */
export class FetchError extends Error {
  readonly code: FetchErrorCode;
  /** The network or a busy server did it: the same request may work soon. */
  readonly retrySoon: boolean;

  constructor(code: FetchErrorCode, message: string, { retrySoon = false, cause }: FetchErrorMore = {}) {
    super(message, cause === undefined ? {} : { cause });
    this.name = 'FetchError';
    this.code = code;
    this.retrySoon = retrySoon;
  }
}

interface FetchErrorMore {
  readonly retrySoon?: boolean;
  readonly cause?: unknown;
}

export interface FetchLimits {
  readonly maxBytes: number;
  /** Without one byte. */
  readonly silenceMs: number;
  /** All tries and redirects together. */
  readonly totalMs: number;
  readonly tries: number;
  readonly redirects: number;
}

export const fetchLimits: FetchLimits = {
  maxBytes: 64 * 2 ** 20,
  silenceMs: 30_000,
  totalMs: 300_000,
  tries: 3,
  redirects: 3,
};

export interface FetchMeans {
  readonly client: OutboundClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly limits?: FetchLimits;
}

/**
 * An artifact's bytes as its source serves them. What is fetched is complete, but not verified: the digest is checked
 * by the worker that unpacks it. Rejects with a FetchError, or the signal's reason.
 */
export async function fetchArtifact(
  artifact: Pick<Artifact, 'url' | 'sizeBytes'>,
  { client, clock, signal, limits = fetchLimits }: FetchMeans,
): Promise<ArrayBuffer> {
  const url = httpUrl(artifact.url);
  if (url === undefined) throw new FetchError('BadUrl', 'the URL of the artifact is not an http or https URL');
  if ((artifact.sizeBytes ?? 0) > limits.maxBytes) throw tooLarge(url, limits);
  const timeUp = () =>
    new FetchError('Unreachable', `${shown(url)}: not done within ${limits.totalMs / 1_000} s`, { retrySoon: true });
  using deadline = deadlineIn(limits.totalMs, { clock, unless: signal, timeUp });
  for (let tried = 1; ; tried += 1) {
    try {
      return await download({ url, sizeBytes: artifact.sizeBytes, client, signal: deadline.signal, limits });
    } catch (error) {
      deadline.throwIfEnded();
      if (!(error instanceof FetchError) || !error.retrySoon || tried === limits.tries) throw error;
    }
    await clock.sleep(backoffMs(tried, limits.totalMs), deadline.signal);
  }
}

interface Download {
  readonly url: URL;
  readonly sizeBytes: number | undefined;
  readonly client: OutboundClient;
  readonly signal: AbortSignal;
  readonly limits: FetchLimits;
}

async function download(wanted: Download): Promise<ArrayBuffer> {
  const { url, response } = await followRedirects(wanted);
  const refusal = statusError(url, response.status) ?? lengthError(url, response, wanted.limits);
  if (refusal === undefined) return await readWhole(url, response, wanted);
  response.discard();
  throw refusal;
}

/** By hand, and on the same host only: another one would get to know what is fetched here, and might be anyone's. */
async function followRedirects(wanted: Download): Promise<{ readonly url: URL; readonly response: OutboundResponse }> {
  let url = wanted.url;
  for (let redirects = 0; ; redirects += 1) {
    const response = await get(url, wanted);
    const { location } = response.headers;
    if (!redirectStatuses.has(response.status) || location === undefined) return { url, response };
    response.discard();
    const next = httpUrl(location, url);
    if (next === undefined) throw new FetchError('Refused', `${shown(url)}: redirects to no http or https URL`);
    if (next.hostname !== url.hostname) {
      throw new FetchError('Refused', `${shown(url)}: redirects to another host, ${next.hostname}`);
    }
    if (redirects === wanted.limits.redirects) {
      throw new FetchError('Refused', `${shown(url)}: redirects more than ${wanted.limits.redirects} times`);
    }
    url = next;
  }
}

async function get(url: URL, { client, signal, limits }: Download): Promise<OutboundResponse> {
  try {
    const headers = { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'stageset-controller' };
    return await client.send(url, { method: 'GET', headers, silenceMs: limits.silenceMs, signal });
  } catch (cause) {
    if (cause instanceof OutboundRefused) throw new FetchError('Refused', `${shown(url)}: ${cause.message}`, { cause });
    const why = wasSilent(cause) ? silence(limits) : explain(cause);
    throw new FetchError('Unreachable', `cannot reach ${shown(url)}: ${why}`, { retrySoon: true, cause });
  }
}

function statusError(url: URL, status: number): FetchError | undefined {
  if (status === 200) return undefined;
  if (status === 404) return new FetchError('NotFound', `${shown(url)}: not there (HTTP 404)`);
  return new FetchError('HttpStatus', `${shown(url)}: HTTP ${status}`, { retrySoon: status === 429 || status >= 500 });
}

function lengthError(url: URL, response: OutboundResponse, limits: FetchLimits): FetchError | undefined {
  return (declaredBytes(response) ?? 0) > limits.maxBytes ? tooLarge(url, limits) : undefined;
}

async function readWhole(url: URL, response: OutboundResponse, { sizeBytes, limits }: Download): Promise<ArrayBuffer> {
  const expectedBytes = declaredBytes(response) ?? sizeBytes;
  const bytes = await collectBody(response.body, { maxBytes: limits.maxBytes, expectedBytes }).catch((cause) => {
    if (cause instanceof BodyTooLarge) throw tooLarge(url, limits);
    if (wasSilent(cause)) {
      throw new FetchError('Unreachable', `${shown(url)}: ${silence(limits)}`, { retrySoon: true, cause });
    }
    throw new FetchError('Truncated', `${shown(url)}: cut off before its end`, { retrySoon: true, cause });
  });
  // An answer without Content-Length may end anywhere; what the source published it knows by its size.
  if (sizeBytes === undefined || bytes.byteLength === sizeBytes) return bytes;
  const found = `${bytes.byteLength} bytes instead of the ${sizeBytes} that its source published`;
  throw new FetchError('Truncated', `${shown(url)}: ${found}`, { retrySoon: true });
}

const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

function httpUrl(text: string, base?: URL): URL | undefined {
  const url = URL.parse(text, base?.href);
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url : undefined;
}

function declaredBytes({ headers }: OutboundResponse): number | undefined {
  const declared = headers['content-length'];
  return declared === undefined ? undefined : Number(declared);
}

function tooLarge(url: URL, { maxBytes }: FetchLimits): FetchError {
  return new FetchError('TooLarge', `${shown(url)}: larger than the limit of ${maxBytes / 2 ** 20} MiB`);
}

function shown({ origin, pathname }: URL): string {
  return `${origin}${pathname}`;
}

function silence({ silenceMs }: FetchLimits): string {
  return `the server was silent for ${silenceMs / 1_000} s`;
}

function wasSilent(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return error.code === 'UND_ERR_HEADERS_TIMEOUT' || error.code === 'UND_ERR_BODY_TIMEOUT';
}
