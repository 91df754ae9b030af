import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wantedFormat } from './wanted-format.ts';

const asPrometheus3 =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,' +
  'text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';

const cases = [
  [undefined, 'text'],
  ['', 'text'],
  ['*/*', 'text'],
  ['text/html', 'text'],
  ['application/openmetrics-text', 'openMetrics'],
  ['Application/OpenMetrics-Text; Version=1.0.0', 'openMetrics'],
  ['application/openmetrics-text;version=0.0.1', 'text'],
  ['application/openmetrics-text;version=2.0.0,text/plain;q=0.1', 'text'],
  [asPrometheus3, 'openMetrics'],
  ['text/plain, application/openmetrics-text', 'text'],
  ['text/plain;q=0.5, application/openmetrics-text;q=0.7', 'openMetrics'],
  ['application/openmetrics-text;q=0, */*', 'text'],
  ['application/openmetrics-text;q=nonsense', 'text'],
] as const;

for (const [accept, format] of cases) {
  test(`${accept ?? 'no Accept header'}: ${format}`, () => assert.equal(wantedFormat(accept), format));
}
