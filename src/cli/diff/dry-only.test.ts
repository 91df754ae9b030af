import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ClusterClient, type KubeRequest, unleased } from '../../main/kube/types.ts';
import { dryOnly, WouldWrite } from './dry-only.ts';

function scene() {
  const sent: KubeRequest[] = [];
  const client = { send: async (request: KubeRequest) => sent.push(request) } as unknown as ClusterClient;
  return { sent, client: dryOnly(client) };
}

const write = { path: '/api/v1/namespaces/a/configmaps/b', lease: unleased } as const;

test('what reads, and what the server only plays through, is sent', async () => {
  const { sent, client } = scene();
  await client.send({ method: 'GET', path: '/api' });
  await client.send({ ...write, method: 'PATCH', query: { dryRun: 'All' } });
  await client.send({ ...write, method: 'DELETE', body: '{"dryRun":["All"]}' });
  assert.equal(sent.length, 3);
});

test('nothing else is', async () => {
  const { sent, client } = scene();
  await assert.rejects(client.send({ ...write, method: 'PATCH', query: { force: 'true' } }), WouldWrite);
  await assert.rejects(client.send({ ...write, method: 'DELETE', body: '{}' }), WouldWrite);
  await assert.rejects(client.send({ ...write, method: 'DELETE', query: { dryRun: 'All' } }), WouldWrite);
  assert.deepEqual(sent, []);
});
