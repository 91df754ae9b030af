import type { Settings } from '../flags/table.ts';
import type { LogEncoding, LogLevel } from './log.ts';
import type { LogTime } from './time-text.ts';

export interface LogWishes {
  readonly level: LogLevel;
  readonly encoding: LogEncoding;
  /** From this level on an error tells where it arose. */
  readonly stacksFrom: LogLevel | 'panic';
  readonly time: LogTime;
}

export type LogSettings = Pick<
  Settings,
  'logLevel' | 'logEncoding' | 'zapLogLevel' | 'zapEncoder' | 'zapStacktraceLevel' | 'zapTimeEncoding' | 'zapDevel'
>;

/** What our flags say, else zap's, else what is usual; `--zap-devel` has another usual. */
export function logWishes(settings: LogSettings): LogWishes {
  const usual = settings.zapDevel ? development : production;
  const encoder = { json: 'json', console: 'text' } as const;
  return {
    level: settings.logLevel ?? settings.zapLogLevel ?? usual.level,
    encoding: settings.logEncoding ?? (settings.zapEncoder && encoder[settings.zapEncoder]) ?? usual.encoding,
    stacksFrom: settings.zapStacktraceLevel ?? usual.stacksFrom,
    time: settings.zapTimeEncoding ?? usual.time,
  };
}

const production: LogWishes = { level: 'info', encoding: 'json', stacksFrom: 'panic', time: 'rfc3339nano' };
const development: LogWishes = { level: 'debug', encoding: 'text', stacksFrom: 'warn', time: 'rfc3339nano' };
