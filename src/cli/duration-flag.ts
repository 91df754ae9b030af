import { InvalidArgumentError } from 'commander';
import { parseDurationMs } from '../shared/time/duration.ts';

/** A flag's duration, in ms: `30s`, `1h30m`. */
export function durationFlag(text: string): number {
  const ms = parseDurationMs(text);
  if (ms === undefined || ms <= 0) throw new InvalidArgumentError('It is no duration such as 30s or 5m.');
  return ms;
}
