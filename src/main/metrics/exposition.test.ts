import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { parseExposition } from '../../../test/support/exposition.ts';
import { expose } from './exposition.ts';

function registryWithOneOfEach(): Registry {
  const registry = new Registry();
  const registers = [registry];
  const failures = new Counter({ name: 'failures_total', help: 'By "what".', labelNames: ['what'], registers });
  failures.inc({ what: 'a\\b"c\nd' }, 2);
  new Gauge({ name: 'share', help: 'Of all.\nOr none.', registers }).set(Number.NaN);
  const seconds = new Histogram({
    name: 'took_seconds',
    help: 'Time.',
    labelNames: ['task'],
    buckets: [1e-8, 0.5, 1, 10],
    registers,
  });
  seconds.observe({ task: 'x' }, 0.7);
  seconds.observe({ task: 'x' }, 700);
  seconds.observe({ task: 'y' }, 0.1);
  return registry;
}

test('Prometheus text', async () => {
  const text = await expose(registryWithOneOfEach(), 'text');
  assert.deepEqual(text.split('\n').slice(0, 8), [
    '# HELP failures_total By "what".',
    '# TYPE failures_total counter',
    String.raw`failures_total{what="a\\b\"c\nd"} 2`,
    String.raw`# HELP share Of all.\nOr none.`,
    '# TYPE share gauge',
    'share NaN',
    '# HELP took_seconds Time.',
    '# TYPE took_seconds histogram',
  ]);
  assert.ok(text.includes('took_seconds_bucket{le="10",task="x"} 1\n'));
});

test('OpenMetrics: counters by _total, bounds with a point, an end', async () => {
  const text = await expose(registryWithOneOfEach(), 'openMetrics');
  assert.deepEqual(text.split('\n').slice(0, 3), [
    String.raw`# HELP failures By \"what\".`,
    '# TYPE failures counter',
    String.raw`failures_total{what="a\\b\"c\nd"} 2`,
  ]);
  assert.ok(text.includes('took_seconds_bucket{le="10.0",task="x"} 1\n'));
  assert.ok(text.endsWith('\n# EOF\n'));
});

test('both say the same, one after the other', async () => {
  const registry = registryWithOneOfEach();
  const first = parseExposition(await expose(registry, 'text'), 'text');
  const open = parseExposition(await expose(registry, 'openMetrics'), 'openMetrics');
  assert.deepEqual(parseExposition(await expose(registry, 'text'), 'text'), first);
  const told = (families: typeof first) =>
    [...families.values()].flatMap(({ type, samples }) =>
      samples.map(({ name, labels: { le, ...labels }, value }) => ({ type, name, le: Number(le), labels, value })),
    );
  assert.deepEqual(told(open), told(first));
});

test('what else is due gets its turn between thousands of series', async () => {
  const registry = new Registry();
  const gauge = new Gauge({ name: 'many', help: '.', labelNames: ['n'], registers: [registry] });
  for (let n = 0; n < 5_000; n += 1) gauge.set({ n }, n);
  let isOver = false;
  const text = expose(registry, 'text').finally(() => {
    isOver = true;
  });
  let loops = 0;
  for (; !isOver; loops += 1) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(parseExposition(await text, 'text').get('many')?.samples.length, 5_000);
  assert.ok(loops >= 5, `${loops} loops`);
});
