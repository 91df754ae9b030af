import type { HttpClient, PipelineRequest } from '@azure/core-rest-pipeline';
import type { OutboundClient } from '../outbound/client.ts';
import { type Answer, exchange, refusal } from './exchange.ts';

/** What Azure's library sends, sent by the outbound client. It sees answers that it can read: 200, and a vault's challenge. */
export async function azureTransport(client: OutboundClient, signal: AbortSignal): Promise<HttpClient> {
  const { createHttpHeaders } = await import('@azure/core-rest-pipeline');
  return {
    async sendRequest(request) {
      const url = new URL(request.url);
      // It would have to be unpacked by hand.
      request.headers.delete('accept-encoding');
      const { body } = request;
      const question = {
        url,
        method: 'POST',
        headers: request.headers.toJSON(),
        body: typeof body === 'string' ? body : '',
      } as const;
      const answer = await exchange(client, question, signal);
      if (answer.status !== 200 && !isChallenge(answer, request)) throw refusal(url, answer.status);
      const headers = Object.entries(answer.headers).map(([name, value]) => [name, String(value)]);
      return {
        request,
        status: answer.status,
        headers: createHttpHeaders(Object.fromEntries(headers)),
        bodyAsText: Buffer.from(answer.body).toString(),
      };
    },
  };
}

/** The first request carries no token and no body: the library asks how to identify itself. */
function isChallenge({ status, headers }: Answer, request: PipelineRequest): boolean {
  return status === 401 && headers['www-authenticate'] !== undefined && !request.headers.has('authorization');
}
