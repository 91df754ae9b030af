import type { Dispatcher } from 'undici';
import { type Clock, systemClock } from '../../shared/time/clock.ts';
import { type Deadline, deadlineIn, orAborted } from '../../shared/time/deadline.ts';
import { readAnswer, refusal } from './answer.ts';
import type { AuthHeaders } from './auth.ts';
import { Breaker, type Ending } from './breaker.ts';
import type { ClusterConfig } from './config.ts';
import { KubeError, LeaseLost } from './errors.ts';
import { exchange, MAX_ANSWER_BYTES, type WireAnswer } from './exchange.ts';
import { credentialsError, isCutConnection, isUnsendable, networkError, timeoutError } from './network-error.ts';
import { Pace } from './pace.ts';
import { Rate, type RateWishes } from './rate.ts';
import { headersFor, identityOf, pathWithQuery, refuseEmptyUser } from './request-headers.ts';
import { openStream } from './stream.ts';
import { openTransport } from './transport.ts';
import { Turns } from './turns.ts';
import type { ClusterClient, KubeRequest, KubeResponse, ReadRequest } from './types.ts';
import { type Verb, verbOf } from './verb.ts';

export interface ConnectOptions {
  readonly userAgent?: string;
  readonly clock?: Clock;
  /** The deadline of a request that names none. */
  readonly timeoutMs?: number;
  /** How a request acts as another user; absent: by the impersonation header. */
  readonly standIn?: StandIn | undefined;
  /** Watches, which last, are not counted. */
  readonly rate?: RateWishes | undefined;
  /** Called once for each request that was sent or tried to be; `code` is 0 where no answer came. */
  readonly observe?: (seen: ObservedRequest) => void;
}

/** Credentials of others, so that nobody need be impersonated. */
export interface StandIn {
  credentialsOf(user: string): Promise<Readonly<Record<string, string>>>;
  /** The server did not take them. */
  refused(user: string): void;
}

export interface ObservedRequest {
  readonly host: string;
  readonly method: KubeRequest['method'];
  readonly verb: Verb;
  readonly code: number;
  readonly ms: number;
}

const DEFAULT_TIMEOUT_MS = 30_000;

export function connect(config: ClusterConfig, options: ConnectOptions = {}): ClusterClient {
  const { userAgent = 'stageset-controller', clock = systemClock, standIn, observe } = options;
  const rate = options.rate && new Rate({ ...options.rate, clock });
  const { timeoutMs: defaultTimeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const { origin, host, pathname } = new URL(config.server);
  const prefix = pathname === '/' ? '' : pathname;
  const transport = openTransport(config);
  const pace = new Pace();
  const turns = new Turns(() => pace.limit);
  const breaker = new Breaker(clock);
  const maxBytes = config.untrusted?.maxAnswerBytes ?? MAX_ANSWER_BYTES;
  const refusals = { quoteAnything: config.untrusted === undefined };

  return {
    async send<T>(request: KubeRequest): Promise<KubeResponse<T>> {
      let answer = await sendOnce(request);
      // Who a server does not know has written nothing: it may be asked again, also for a write.
      if (spendCredentials(request, answer)) answer = await sendOnce(request);
      return readAnswer<T>(answer, describe(request), refusals);
    },

    async stream(request: ReadRequest): Promise<AsyncIterable<Uint8Array>> {
      using deadline = deadlineFor(request);
      const wire = await wireFor(request, deadline);
      const explain = (error: unknown) => networkError(config.server, error);
      const open = () => openStream(transport.streams, wire, deadline.signal, explain);
      const answer = await onTheWire(request, open, { paced: false });
      if (answer.refused) {
        spendCredentials(request, answer);
        throw refusal(answer, describe(request), refusals);
      }
      if (request.signal !== undefined) answer.body.cutBy(request.signal);
      return answer.body;
    },

    stats: () => ({
      limit: pace.limit,
      inFlight: turns.inFlight,
      waiting: turns.waiting,
      answering: breaker.answering,
    }),

    async close() {
      await Promise.all([transport.streams.destroy(), transport.requests.close()]);
    },
  };

  async function sendOnce(request: KubeRequest): Promise<WireAnswer> {
    // Before its deadline begins: the wait is our own wish, and no server's fault.
    await rate?.take(request.lease?.signal ?? request.signal);
    using deadline = deadlineFor(request);
    // Before the wait too: standing in line for a cluster that is not there helps nobody.
    if (breaker.retryInMs() > 0) throw notAnswering(breaker.retryInMs());
    const wire = await wireFor(request, deadline);
    await turns.take(deadline.signal);
    try {
      return await onTheWire(request, () => exchangeSafely(wire, deadline), { paced: true });
    } finally {
      turns.done();
    }
  }

  function deadlineFor(request: KubeRequest): Deadline {
    refuseEmptyUser(request);
    const { timeoutMs = defaultTimeoutMs, signal, lease = signal } = request;
    return deadlineIn(timeoutMs, { clock, unless: lease, timeUp: () => timeoutError(config.server, timeoutMs) });
  }

  async function wireFor(request: KubeRequest, deadline: Deadline): Promise<Dispatcher.DispatchOptions> {
    const identity = await orAborted(identityFor(request), deadline.signal).catch((error) => {
      throw deadline.signal.aborted || error instanceof KubeError ? error : credentialsError(config.server, error);
    });
    return {
      origin,
      method: request.method,
      path: prefix + pathWithQuery(request.path, request.query),
      headers: { 'user-agent': userAgent, ...identity, ...headersFor(request) },
      body: request.body ?? null,
    };
  }

  async function identityFor(request: KubeRequest): ReturnType<AuthHeaders> {
    if (request.as !== undefined && standIn !== undefined) return standIn.credentialsOf(request.as);
    return identityOf(request, await config.authHeaders());
  }

  /** Whether others are to be had in place of those that the server did not take. */
  function spendCredentials({ as }: KubeRequest, { status }: Pick<WireAnswer, 'status'>): boolean {
    if (status !== 401 || standIn === undefined || as === undefined) return false;
    standIn.refused(as);
    return true;
  }

  /** A read that met a connection the server had just closed is asked once more; a write never: it may have arrived. */
  async function exchangeSafely(wire: Dispatcher.DispatchOptions, deadline: Deadline): Promise<WireAnswer> {
    try {
      return await exchange(transport.requests, wire, deadline, maxBytes);
    } catch (error) {
      if (wire.method !== 'GET' || deadline.signal.aborted || !isCutConnection(error)) throw error;
      return exchange(transport.requests, wire, deadline, maxBytes);
    }
  }

  /** What each request tells about its cluster, whatever comes of it: breaker, pace and metrics learn from it here. */
  async function onTheWire<A extends Pick<WireAnswer, 'status' | 'headers'>>(
    request: KubeRequest,
    ask: () => Promise<A>,
    { paced }: { readonly paced: boolean },
  ): Promise<A> {
    const admission = breaker.admit();
    if (!admission.admitted) throw notAnswering(admission.retryInMs);
    const verb = verbOf(request);
    const sentAtMs = clock.elapsedMs();
    const note = (code: number, ending: Ending, overloaded: boolean) => {
      const answeredAtMs = clock.elapsedMs();
      admission.end(ending);
      observe?.({ host, method: request.method, verb, code, ms: answeredAtMs - sentAtMs });
      const tellsPace = paced && (overloaded || ending === 'answer');
      if (tellsPace) pace.note({ verb, sentAtMs, answeredAtMs, overloaded, othersWait: turns.waiting > 0 });
    };
    try {
      const answer = await ask();
      note(answer.status, 'answer', answer.status === 429 || answer.headers['retry-after'] !== undefined);
      return answer;
    } catch (error) {
      const gaveUp = (request.lease?.signal ?? request.signal)?.aborted || error instanceof LeaseLost;
      const oursAlone = gaveUp || isUnsendable(error);
      const failure = oursAlone ? undefined : networkError(config.server, error);
      note(failure?.status ?? 0, endingOf(failure), failure?.reason === 'Timeout');
      throw failure ?? error;
    }
  }

  function describe({ method, path }: KubeRequest): string {
    return `${method} ${origin}${path}`;
  }

  function notAnswering(retryAfterMs: number): KubeError {
    const message = `${origin} has stopped answering`;
    return new KubeError({ status: 0, reason: 'Unavailable', message, retryAfterMs });
  }
}

/** `failure` is undefined where the server had no part in it. An answer that was too large is still an answer. */
function endingOf(failure: KubeError | undefined): Ending {
  if (failure === undefined) return 'unknown';
  return failure.status === 0 ? 'noAnswer' : 'answer';
}
