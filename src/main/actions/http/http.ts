import type { HttpAction } from '../../../shared/api/types.ts';
import { explain } from '../../kube/network-error.ts';
import type { OutboundResponse } from '../../outbound/client.ts';
import { OutboundRefused } from '../../outbound/guard.ts';
import { ActionFailed, type Attempt, type Verb } from '../verb.ts';
import type { ActionClients } from './action-clients.ts';
import { type Call, shown } from './call.ts';
import { type CallEnding, callEnding } from './call-ending.ts';
import { nextHop } from './next-hop.ts';
import { prepareCall } from './prepare-call.ts';
import { bodyLimits, quoteBody, readBeginning } from './quote-body.ts';

/** As many as Go and most other clients follow. */
const MOST_REDIRECTS = 10;

/** Sends one request, follows where it is redirected to, and wants an expected status. */
export function httpVerb(clients: ActionClients, limits = bodyLimits): Verb<HttpAction> {
  return async (fields, attempt) => {
    const call = await prepareCall(fields, attempt);
    try {
      await attempt.park('http action', () => makeCall(call, { fields, attempt, clients, limits }));
    } catch (error) {
      // A call that was let finish: what became of it is of no interest any more.
      attempt.signal.throwIfAborted();
      throw error;
    }
  };
}

interface Making {
  readonly fields: HttpAction;
  readonly attempt: Attempt;
  readonly clients: ActionClients;
  readonly limits: typeof bodyLimits;
}

async function makeCall(first: Call, { fields, attempt, clients, limits }: Making): Promise<void> {
  using ending = callEnding(attempt);
  const secrets = secretsIn(first);
  let call = first;
  for (let redirects = 0; ; redirects += 1) {
    const response = await send(call, clients, ending);
    const { status, headers } = response;
    const next = isExpected(status, fields) ? undefined : nextHop(call, status, inUtf8(headers.location));
    if (next === undefined) {
      const body = await readBeginning(response, { ...limits, clock: attempt.clock });
      if (isExpected(status, fields)) return;
      throw new ActionFailed(`${shown(call)} answers ${status}, not ${wanted(fields)}${quoteBody(body, secrets)}`);
    }
    response.discard();
    if (redirects === MOST_REDIRECTS)
      throw new ActionFailed(`${shown(call)} redirects more than ${MOST_REDIRECTS} times`);
    call = next;
  }
}

function secretsIn({ secretHeaders, body }: Call): readonly string[] {
  const values = Object.values(secretHeaders).flatMap((value) => inUtf8(value) ?? []);
  return body?.isSecret ? [...values, body.text] : values;
}

async function send(call: Call, clients: ActionClients, { signal, markSent }: CallEnding): Promise<OutboundResponse> {
  const client = clients.clientFor(call.url);
  if (client === undefined) throw new ActionFailed(`${call.url.host} is not one of --allowed-action-hosts`);
  try {
    return await client.send(call.url, {
      method: call.method,
      headers: { ...call.headers, ...call.secretHeaders },
      ...(call.body === undefined ? {} : { body: call.body.text }),
      silenceMs: 0,
      signal,
      onSent: markSent,
    });
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof OutboundRefused) throw new ActionFailed(cause.message, { cause });
    throw new ActionFailed(`cannot reach ${call.url.origin}: ${explain(cause)}`, { cause });
  }
}

/** Headers come and go with a character for each byte. */
function inUtf8(header: string | undefined): string | undefined {
  return header === undefined ? undefined : Buffer.from(header, 'latin1').toString();
}

function isExpected(status: number, { expectedStatus = [] }: HttpAction): boolean {
  return expectedStatus.length === 0 ? status >= 200 && status <= 299 : expectedStatus.includes(status);
}

function wanted({ expectedStatus = [] }: HttpAction): string {
  return expectedStatus.length === 0 ? '2xx' : expectedStatus.join(' or ');
}
