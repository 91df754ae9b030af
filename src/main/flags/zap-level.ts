import type { LogLevel } from '../log/log.ts';
import type { Flag } from './flag.ts';

const levels: ReadonlyMap<string, LogLevel> = new Map([
  ['debug', 'debug'],
  ['info', 'info'],
  ['warn', 'warn'],
  ['error', 'error'],
  ['panic', 'error'],
]);

/** Levels as controller-runtime reads them, with `warn` beside: a number is how much more than `info` is wanted. */
export function zapLevelFlag(text: Pick<Flag<unknown>, 'name' | 'help'>): Flag<LogLevel | undefined> {
  return {
    ...text,
    value: `${[...levels.keys()].join('|')}|N`,
    fallback: undefined,
    fallbackText: '',
    read: (value) => {
      const level = /^[1-9]\d{0,2}$/.test(value) ? 'debug' : levels.get(value);
      if (level !== undefined) return { ok: true, value: level };
      const wanted = `one of ${[...levels.keys()].join(', ')}, or a number from 1 to 999`;
      return { ok: false, problem: `wants ${wanted}, not "${value}"` };
    },
  };
}
