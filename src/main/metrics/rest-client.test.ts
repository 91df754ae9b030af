import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Registry } from 'prom-client';
import { RestClientMetrics } from './rest-client.ts';

test('requests count by answer, method and host; what concerns a cluster goes with its last connection', async () => {
  const registry = new Registry();
  const metrics = new RestClientMetrics(registry);
  const connected = new Set(['theirs']);
  metrics.forgetUnless((host) => connected.has(host));
  const series = async () => (await registry.metrics()).split('\n').filter((line) => line.startsWith('rest_client'));
  const get = { method: 'GET', verb: 'get', ms: 1 } as const;
  for (const code of [200, 200, 0]) metrics.sent({ ...get, host: 'ours', code }, 'own');
  metrics.sent({ ...get, host: 'theirs', code: 403 }, 'other');
  const ours = [
    'rest_client_requests_total{code="200",method="GET",host="ours"} 2',
    'rest_client_requests_total{code="<error>",method="GET",host="ours"} 1',
  ];
  const theirs = 'rest_client_requests_total{code="403",method="GET",host="theirs"} 1';
  assert.deepEqual(await series(), [...ours, theirs]);
  assert.deepEqual(await series(), [...ours, theirs]);
  connected.clear();
  assert.deepEqual(await series(), ours);
});
