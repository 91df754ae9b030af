import assert from 'node:assert/strict';
import { test } from 'node:test';
import { everStarts } from './ever-starts.ts';
import { parseSchedule } from './schedule.ts';

const days = ['*', '?', '29', '30', '31', '31,29', '30-31', '30/1', '*/30', '15-31/15', '1,31'];
const months = [
  '*',
  '?',
  '2',
  'feb',
  'FEB-FEB',
  '2,4',
  '4,6,9,11',
  'APR-MAY',
  '2/12',
  '2/3',
  '2-6/2',
  '*/2',
  '4/5',
  '1-2/1',
];
const weekdays = ['*', '?', '1', '*/2', '0-6', 'MON'];

for (const month of months) {
  test(`as croner finds it, or not, in month ${month}`, () => {
    for (const day of days) {
      for (const weekday of weekdays) {
        const expression = `0 0 ${day} ${month} ${weekday}`;
        const schedule = parseSchedule(expression, 'UTC');
        if (schedule === undefined) continue;
        assert.equal(everStarts(expression), schedule.nextRun(new Date('2026-06-15T00:00:00Z')) !== null, expression);
      }
    }
  });
}
