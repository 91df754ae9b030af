import { KubeError } from './errors.ts';

/** What went wrong on the way to a server, in words a person understands; the system's own error stays as the cause. */
export function networkError(server: string, cause: unknown): KubeError {
  if (cause instanceof KubeError) return cause;
  const message = `cannot reach ${originOf(server)}: ${explain(cause)}`;
  return new KubeError({ status: 0, reason: 'Network', message, cause });
}

export function credentialsError(server: string, cause: unknown): KubeError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new KubeError({
    status: 0,
    reason: 'Credentials',
    message: `no credentials for ${originOf(server)}: ${why}`,
    cause,
  });
}

export function timeoutError(server: string, timeoutMs: number): KubeError {
  const message = `no answer from ${originOf(server)} within ${timeoutMs / 1_000} s`;
  return new KubeError({ status: 0, reason: 'Timeout', message });
}

/** Without what a URL may hold besides: user, password, path. */
export function originOf(server: string): string {
  return URL.parse(server)?.origin ?? 'the server';
}

/** The connection ended under a request: of a read it can be asked again. */
export function isCutConnection(error: unknown): boolean {
  return [...causesOf(error)].some((cause) => wordsFor[codeOf(cause)] === closed);
}

/** A header or a path that cannot be sent: our caller's mistake, and nothing about the cluster. */
export function isUnsendable(error: unknown): boolean {
  return codeOf(error) === 'UND_ERR_INVALID_ARG';
}

/** In a few words, for a message that names the server itself. */
export function explain(cause: unknown): string {
  for (const error of causesOf(cause)) {
    const words = wordsFor[codeOf(error)];
    if (words !== undefined) return words;
  }
  return cause instanceof Error && cause.message !== '' ? cause.message : 'unknown network failure';
}

/** The error, what caused it, and what an AggregateError gathers (one per address tried). */
function* causesOf(error: unknown, depth = 0): Generator<unknown> {
  yield error;
  if (!(error instanceof Error) || depth === 5) return;
  if (error instanceof AggregateError) for (const one of error.errors) yield* causesOf(one, depth + 1);
  if (error.cause !== undefined) yield* causesOf(error.cause, depth + 1);
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

const closed = 'the connection was closed before the answer was complete';
const unknownAuthority = 'its certificate is signed by an unknown authority';

const wordsFor: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: closed,
  EPIPE: closed,
  UND_ERR_SOCKET: closed,
  UND_ERR_DESTROYED: 'the client is closed',
  UND_ERR_CLOSED: 'the client is closed',
  ERR_HTTP2_STREAM_ERROR: closed,
  ERR_HTTP2_GOAWAY_SESSION: closed,
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the name server does not answer',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'network unreachable',
  ETIMEDOUT: 'connecting timed out',
  UND_ERR_CONNECT_TIMEOUT: 'connecting timed out',
  UND_ERR_HEADERS_OVERFLOW: 'its headers are too large',
  SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownAuthority,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT: unknownAuthority,
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
  EPROTO: 'it does not speak TLS',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS',
};
