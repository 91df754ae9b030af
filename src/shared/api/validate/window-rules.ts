import { isTimeZone, parseSchedule } from '../../windows/schedule.ts';
import { defaultValues } from '../default-values.ts';
import type { UpdateWindow } from '../types.ts';
import { itemsOf, type Placed } from './places.ts';
import type { Rule } from './rule.ts';
import { isGiven } from './sound.ts';
import { quoted, type Violation, violation } from './violation.ts';

export const updateWindows: Rule = function* ({ spec }) {
  for (const window of itemsOf(spec.updateWindows, 'spec.updateWindows')) {
    yield* oneForm(window);
    yield* soundTimes(window);
  }
};

function* oneForm({ value: window, path }: Placed<UpdateWindow>): Iterable<Violation> {
  const recurring = isGiven(window.schedule) || isGiven(window.duration);
  const once = isGiven(window.from) || isGiven(window.to);
  if (recurring === once) {
    const code = recurring ? 'NotTogether' : 'Incomplete';
    yield violation(path, code, 'needs either schedule and duration or from and to');
    return;
  }
  for (const field of recurring ? (['schedule', 'duration'] as const) : (['from', 'to'] as const)) {
    if (!isGiven(window[field])) yield violation(`${path}.${field}`, 'Missing', 'is required');
  }
}

function* soundTimes({ value: window, path }: Placed<UpdateWindow>): Iterable<Violation> {
  const { schedule, timeZone, from, to } = window;
  if (typeof timeZone === 'string' && !isTimeZone(timeZone)) {
    yield violation(`${path}.timeZone`, 'BadTimeZone', `${quoted(timeZone)} is no time zone of the IANA database`);
  }
  if (typeof schedule === 'string' && parseSchedule(schedule, defaultValues.timeZone) === undefined) {
    yield violation(
      `${path}.schedule`,
      'BadSchedule',
      `must be a cron expression of five fields, not ${quoted(schedule)}`,
    );
  }
  if (typeof from === 'string' && typeof to === 'string' && Date.parse(to) <= Date.parse(from)) {
    yield violation(`${path}.to`, 'OutOfRange', 'must be after from');
  }
}
