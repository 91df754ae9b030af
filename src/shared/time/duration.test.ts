import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDuration, parseDurationMs } from './duration.ts';

// [text, what Go's time.ParseDuration gives in ms, how Go prints it]
const accepted: readonly [string, number, string][] = [
  ['0', 0, '0s'],
  ['+0', 0, '0s'],
  ['-0', 0, '0s'],
  ['0s', 0, '0s'],
  ['-0s', 0, '0s'],
  ['00s', 0, '0s'],
  ['1h30m', 5_400_000, '1h30m0s'],
  ['1.5h', 5_400_000, '1h30m0s'],
  ['1m1h', 3_660_000, '1h1m0s'],
  ['1h1h', 7_200_000, '2h0m0s'],
  ['10m', 600_000, '10m0s'],
  ['90s', 90_000, '1m30s'],
  ['500ms', 500, '500ms'],
  ['1.1s', 1_100, '1.1s'],
  ['0.1s', 100, '100ms'],
  ['.5s', 500, '500ms'],
  ['1.s', 1_000, '1s'],
  ['-2m', -120_000, '-2m0s'],
  ['+5m', 300_000, '5m0s'],
  ['1us', 0.001, '1µs'],
  ['1µs', 0.001, '1µs'],
  ['1μs', 0.001, '1µs'],
  ['1.5ms', 1.5, '1.5ms'],
  ['1ns', 0.000001, '1ns'],
  ['2540400h10m10s', 9_145_440_610_000, '2540400h10m10s'],
];

for (const [text, ms, printed] of accepted) {
  test(`${text} is ${printed}`, () => {
    assert.equal(parseDurationMs(text), ms);
    assert.equal(formatDuration(ms), printed);
  });
}

const refused = [
  '',
  '-',
  '+',
  '.',
  '.s',
  '0.',
  '1',
  '1.',
  '1d',
  '1H',
  '1mm',
  '1hs',
  '1hx',
  'm',
  '1e3s',
  '--1s',
  '1h 30m',
  ' 1s',
  '1s ',
  '1s\n',
  '１s',
  '2562047h47m16.854775808s', // one nanosecond more than 64 bits hold
  `${'9'.repeat(1_000)}s`,
];

for (const text of refused) {
  test(`${JSON.stringify(text.slice(0, 30))} is no duration`, () => {
    assert.equal(parseDurationMs(text), undefined);
  });
}

test('what is printed reads back as the same', () => {
  for (const unit of [1, 1_000, 60_000, 3_600_000]) {
    for (const count of [1, 7, 59, 61, 999, 1_001, 86_399]) {
      assert.equal(parseDurationMs(formatDuration(count * unit)), count * unit);
      assert.equal(parseDurationMs(formatDuration(-count * unit)), -count * unit);
    }
  }
});
