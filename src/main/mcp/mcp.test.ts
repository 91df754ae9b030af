import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../shared/time/manual-clock.ts';
import { flags, type Settings } from '../flags/table.ts';
import { Store } from '../kube/store.ts';
import type { ClusterClient } from '../kube/types.ts';
import { createLog } from '../log/log.ts';
import { mcpService } from './mcp.ts';

const defaults = Object.fromEntries(Object.entries(flags).map(([name, { fallback }]) => [name, fallback])) as Settings;

async function addressWith(settings: Partial<Settings>): Promise<string | undefined> {
  const clock = new ManualClock();
  const service = await mcpService(
    { ...defaults, ...settings },
    {
      client: {} as ClusterClient,
      clock,
      log: createLog({ level: 'error', encoding: 'json', clock, write: () => {} }),
      version: '1',
      sets: new Store(),
      put: () => {},
      isSynced: () => true,
    },
  );
  return service?.address;
}

test('either flag turns it on, and an address is where it is', async () => {
  assert.equal(await addressWith({}), undefined);
  assert.equal(await addressWith({ enableMcp: true }), ':8084');
  assert.equal(await addressWith({ mcpBindAddress: '127.0.0.1:9' }), '127.0.0.1:9');
  assert.equal(await addressWith({ enableMcp: true, mcpBindAddress: ':9' }), ':9');
});
