import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UpdateWindow } from '../api/types.ts';
import { decideWindows } from './decision.ts';

const deny = (schedule: string, duration: string, timeZone?: string): UpdateWindow => ({
  type: 'Deny',
  schedule,
  duration,
  ...(timeZone !== undefined && { timeZone }),
});
const allow = (schedule: string, duration: string, timeZone?: string): UpdateWindow => ({
  ...deny(schedule, duration, timeZone),
  type: 'Allow',
});
const freeze = (from: string, to: string): UpdateWindow => ({ type: 'Deny', from, to });
const officeHours = deny('0 9 * * MON-FRI', '8h', 'Europe/Berlin');

// [what, windows, now, open or closed, when that turns over]
const table: readonly (readonly [string, readonly UpdateWindow[], string, 'open' | 'closed', string | undefined])[] = [
  ['no window', [], '2026-06-15T10:00:00Z', 'open', undefined],
  ['before an active Deny', [officeHours], '2026-06-15T06:59:59.999Z', 'open', '2026-06-15T07:00:00Z'],
  ['the moment a Deny starts', [officeHours], '2026-06-15T07:00:00Z', 'closed', '2026-06-15T15:00:00Z'],
  ['the last of a Deny', [officeHours], '2026-06-15T14:59:59.999Z', 'closed', '2026-06-15T15:00:00Z'],
  ['the moment a Deny ends', [officeHours], '2026-06-15T15:00:00Z', 'open', '2026-06-16T07:00:00Z'],
  ['a Deny after the change of clocks', [officeHours], '2026-11-02T07:30:00Z', 'open', '2026-11-02T08:00:00Z'],
  [
    'an Allow that is not active',
    [allow('0 14 * * TUE', '3h')],
    '2026-06-15T10:00:00Z',
    'closed',
    '2026-06-16T14:00:00Z',
  ],
  ['an active Allow', [allow('0 14 * * TUE', '3h')], '2026-06-16T15:00:00Z', 'open', '2026-06-16T17:00:00Z'],
  [
    'one of two Allows',
    [allow('0 14 * * *', '3h'), allow('0 16 * * *', '4h')],
    '2026-06-16T15:00:00Z',
    'open',
    '2026-06-16T20:00:00Z',
  ],
  [
    'Deny wins over Allow, and opening is for when the Allow is active too',
    [allow('0 14 * * TUE', '3h'), freeze('2026-06-16T00:00:00Z', '2026-06-17T00:00:00Z')],
    '2026-06-16T15:00:00Z',
    'closed',
    '2026-06-23T14:00:00Z',
  ],
  [
    'a Deny that ends while another goes on',
    [
      freeze('2026-06-16T00:00:00Z', '2026-06-18T00:00:00Z'),
      freeze('2026-06-17T00:00:00Z', '2026-06-20T12:00:00+02:00'),
    ],
    '2026-06-16T15:00:00Z',
    'closed',
    '2026-06-20T10:00:00Z',
  ],
  [
    'a Deny that is over',
    [freeze('2026-06-16T00:00:00Z', '2026-06-18T00:00:00Z')],
    '2027-01-01T00:00:00Z',
    'open',
    undefined,
  ],
  ['an Allow that never starts', [allow('0 0 30 2 *', '1h')], '2026-06-16T15:00:00Z', 'closed', undefined],
  ['a Deny that never starts', [deny('0 0 30 2 *', '1h')], '2026-06-16T15:00:00Z', 'open', undefined],
  ['a Deny that starts anew before it ends', [deny('0 * * * *', '90m')], '2026-06-16T15:10:00Z', 'closed', undefined],
  [
    'a Deny without a beginning',
    [{ type: 'Deny', to: '2026-07-01T00:00:00Z' }],
    '2026-06-16T15:10:00Z',
    'closed',
    '2026-07-01T00:00:00Z',
  ],
  [
    'a Deny without an end',
    [{ type: 'Deny', from: '2026-06-01T00:00:00Z' }],
    '2026-06-16T15:10:00Z',
    'closed',
    undefined,
  ],
  [
    'a season’s freeze over windows of every hour',
    [allow('0 * * * *', '10m'), freeze('2026-11-01T00:00:00Z', '2027-01-15T12:30:00Z')],
    '2026-11-01T00:05:00Z',
    'closed',
    '2027-01-15T13:00:00Z',
  ],
  [
    'a night that is an hour shorter',
    [deny('0 22 * * *', '10h', 'Europe/Berlin')],
    '2026-03-28T23:00:00Z',
    'closed',
    '2026-03-29T07:00:00Z',
  ],
  [
    'an hour that is left out',
    [deny('30 2 * * *', '1h', 'Europe/Berlin')],
    '2026-03-29T01:10:00Z',
    'closed',
    '2026-03-29T02:00:00Z',
  ],
  [
    'hours of which one is left out',
    [deny('30 2,14 * * *', '1h', 'Europe/Berlin')],
    '2026-03-29T01:10:00Z',
    'closed',
    '2026-03-29T02:00:00Z',
  ],
  [
    'an hour that comes twice',
    [deny('30 2 * * *', '30m', 'Europe/Berlin')],
    '2026-10-25T01:40:00Z',
    'open',
    '2026-10-26T01:30:00Z',
  ],
];

for (const [what, windows, now, is, flipsAt] of table) {
  test(`${what}: ${is} until ${flipsAt ?? 'ever'}`, () => {
    const flipsAtMs = flipsAt === undefined ? undefined : Date.parse(flipsAt);
    assert.deepEqual(decideWindows(windows, Date.parse(now)), { is, flipsAtMs });
  });
}

test('windows that never let anything through are not followed for ever', () => {
  const never = [allow('* * * * *', '30s'), deny('* * * * *', '30s')];
  const before = performance.now();
  assert.deepEqual(decideWindows(never, Date.parse('2026-06-16T15:10:10Z')), { is: 'closed', flipsAtMs: undefined });
  assert.ok(performance.now() - before < 2_000);
});

test('nor are hundreds of them', () => {
  const many = Array.from({ length: 200 }, () => [allow('* * * * *', '30s'), deny('* * * * *', '30s')]).flat();
  const before = performance.now();
  assert.deepEqual(decideWindows(many, Date.parse('2026-06-16T15:10:10Z')), { is: 'closed', flipsAtMs: undefined });
  assert.ok(performance.now() - before < 2_000, 'five seconds, if all are looked into at each step');
});

test('schedules that never start take no time', () => {
  const never = Array.from({ length: 1_000 }, () => deny('0 0 30 2 *', '1h', 'America/Nuuk'));
  const before = performance.now();
  assert.deepEqual(decideWindows(never, Date.parse('2026-06-16T15:10:10Z')), { is: 'open', flipsAtMs: undefined });
  assert.ok(performance.now() - before < 2_000, 'six seconds, if croner looks for them');
});
