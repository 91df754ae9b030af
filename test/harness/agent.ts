import assert from 'node:assert/strict';
import { request } from 'node:http';
import type { TestContext } from 'node:test';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { canariesIn } from '../support/canary.ts';
import type { ControllerProcess } from './controller.ts';
import type { Scene } from './scene.ts';

/** What came of a tool, in the client's own words. */
export interface Told {
  readonly isError: boolean;
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>> | undefined;
}

export interface Agent {
  readonly client: Client;
  call(tool: string, args?: object): Promise<Told>;
}

/** The official client, which checks each answer against the schema that the tool declares. */
export async function connectAgent(t: TestContext, controller: ControllerProcess, token?: string): Promise<Agent> {
  const client = new Client({ name: 'test', version: '1' });
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${mcpPortOf(controller)}/mcp`), {
      requestInit: { headers },
    }) as Parameters<Client['connect']>[0],
  );
  t.after(() => client.close());
  await client.listTools(); // from here on it knows the schemas
  return {
    client,
    call: async (name, args = {}) => {
      const { isError = false, content, structuredContent } = await client.callTool({ name, arguments: { ...args } });
      const [{ text = '' } = {}] = content as { readonly text?: string }[];
      assert.deepEqual(
        canariesIn(JSON.stringify([content, structuredContent])),
        [],
        'no secret in what agents are told',
      );
      return { isError: isError === true, text, data: structuredContent as Told['data'] };
    },
  };
}

export function mcpPortOf({ log }: ControllerProcess): number {
  const [, port] = /"msg":"serving MCP".*?"port":(\d+)/.exec(log) ?? [];
  if (port === undefined) throw new Error(`MCP is not served: ${log}`);
  return Number(port);
}

export interface RawAnswer {
  readonly status: number;
  readonly allow: string | undefined;
  readonly body: string;
}

/** Any HTTP request, with whatever headers: fetch would not let us name a Host. */
export function askRaw(
  controller: ControllerProcess,
  {
    body,
    headers,
    ...how
  }: { method: string; path?: string; headers?: Readonly<Record<string, string>>; body?: string },
): Promise<RawAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>();
  const asked = request(
    {
      host: '127.0.0.1',
      port: mcpPortOf(controller),
      path: '/mcp',
      ...how,
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
    },
    async (response) => {
      const chunks = await response.setEncoding('utf8').toArray();
      resolve({ status: response.statusCode ?? 0, allow: response.headers.allow, body: chunks.join('') });
    },
  );
  asked.once('error', reject);
  asked.end(body);
  return promise;
}

/** A token of this ServiceAccount of the scene, which is made for it. */
export async function tokenOf({ api, namespace }: Scene, account: string): Promise<string> {
  await api.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: account, namespace } });
  const { status } = await api.send<{ readonly status: { readonly token: string } }>(
    'POST',
    `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`,
    { body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} } },
  );
  return status.token;
}
