import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTimeZone, parseSchedule } from './schedule.ts';

const starts: Readonly<Record<string, string>> = {
  '0 9 * * MON-FRI': '2026-01-01T09:00:00.000Z',
  ' 0  9 * * fri ': '2026-01-02T09:00:00.000Z',
  '*/20 * * * *': '2026-01-01T00:20:00.000Z',
  '5/10 * * * *': '2026-01-01T00:05:00.000Z',
  '0 0 1,15 * ?': '2026-01-15T00:00:00.000Z',
  '0 0 1 * 1': '2026-01-05T00:00:00.000Z', // the first or a Monday, as crons have it
  '0 0 29 2 *': '2028-02-29T00:00:00.000Z',
};

for (const [expression, first] of Object.entries(starts)) {
  test(`${expression} starts first at ${first}`, () => {
    assert.equal(parseSchedule(expression, 'UTC')?.nextRun(new Date('2026-01-01T00:00:00Z'))?.toISOString(), first);
  });
}

test('a schedule is read in its time zone, across the change of the clocks', () => {
  const schedule = parseSchedule('30 2 * * *', 'Europe/Berlin');
  assert.equal(schedule?.nextRun(new Date('2026-01-01T12:00:00Z'))?.toISOString(), '2026-01-02T01:30:00.000Z');
  assert.equal(schedule?.nextRun(new Date('2026-07-01T12:00:00Z'))?.toISOString(), '2026-07-02T00:30:00.000Z');
});

test('a day that never comes has no start', () => {
  assert.equal(parseSchedule('0 0 30 2 *', 'UTC')?.nextRun(), null);
});

const refused = [
  '',
  '* * * *',
  '* * * * * *',
  '@daily',
  'TZ=UTC * * * * *',
  '60 * * * *',
  '* 24 * * *',
  '* * 0 * *',
  '* * * 13 *',
];
for (const expression of [
  ...refused,
  '* * * * 8',
  '5-1 * * * *',
  '*/0 * * * *',
  '/5 * * * *',
  '0 0 L * *',
  '0 0 * * MON#2',
  '1,,2 * * * *',
]) {
  test(`${JSON.stringify(expression)} is no schedule`, () => {
    assert.equal(parseSchedule(expression, 'UTC'), undefined);
  });
}

test('time zones are those of the IANA database', () => {
  assert.deepEqual(['UTC', 'Europe/Berlin', 'America/New_York'].filter(isTimeZone).length, 3);
  assert.deepEqual(['', '+02:00', 'Mars/Olympus', 'Local', '../etc/passwd'].filter(isTimeZone), []);
});
