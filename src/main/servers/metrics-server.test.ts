import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { Gauge, Registry } from 'prom-client';
import { metricsPage } from './metrics-server.ts';

const scrape = { headers: {} } as IncomingMessage;

test('many who ask at once have one page written for all of them, and who asks later a new one', async () => {
  const registry = new Registry();
  let read = 0;
  new Gauge({
    name: 'reads',
    help: 'How often it was read.',
    registers: [registry],
    collect() {
      read += 1;
      this.set(read);
    },
  });
  const page = metricsPage(registry);
  const ask = async () => (await page(scrape, '/metrics')).body.trim().split('\n').at(-1);
  assert.deepEqual(await Promise.all([ask(), ask(), ask()]), ['reads 1', 'reads 1', 'reads 1']);
  assert.equal(await ask(), 'reads 2');
});
