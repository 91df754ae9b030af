import type { Clock } from '../../shared/time/clock.ts';
import type { FloodGuard } from './flood-guard.ts';
import { asValue } from './log-value.ts';
import { type LogTime, timeText } from './time-text.ts';

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];
export type LogEncoding = 'json' | 'text';
export type LogFields = Readonly<Record<string, unknown>>;

export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** The same log, with these fields on every line. */
  with(fields: LogFields): Log;
}

export interface LogOptions {
  readonly level: LogLevel;
  readonly encoding: LogEncoding;
  /** From this level on, a line about an error tells where it arose; by default none does. */
  readonly stacksFrom?: LogLevel | 'panic';
  readonly time?: LogTime;
  /** Of what is not only for debugging. */
  readonly guard?: FloodGuard;
  readonly clock: Clock;
  readonly write: (line: string) => void;
}

/** One line an entry; `ts`, `level` and `msg` first, then what the caller adds. Errors show their message only. */
export function createLog(options: LogOptions, bound: LogFields = {}): Log {
  const { stacksFrom = 'panic', time = 'rfc3339nano', guard } = options;
  const threshold = logLevels.indexOf(options.level);
  const withStack = stacksFrom === 'panic' ? logLevels.length : logLevels.indexOf(stacksFrom);
  const at = (level: LogLevel) => {
    const rank = logLevels.indexOf(level);
    return (message: string, fields: LogFields = {}) => {
      if (rank < threshold) return;
      const { ok, leftOut } = guard === undefined || level === 'debug' ? admitted : guard.admits(message);
      if (!ok) return;
      const stack = rank >= withStack && fields.error instanceof Error ? fields.error.stack : undefined;
      const all = { ...bound, ...fields, stack: stack ?? fields.stack, leftOut: leftOut || undefined };
      const ts = timeText(options.clock.wallMs(), time);
      const entry = { ts, level, msg: String(asValue(message)), ...plain(all) };
      options.write(options.encoding === 'json' ? `${JSON.stringify(entry)}\n` : asText(entry));
    };
  };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    with: (fields) => createLog(options, { ...bound, ...fields }),
  };
}

/** What a bug is told with: its stack too, whatever the level that stacks begin with. */
export function asBug(error: unknown): LogFields {
  return { error, stack: error instanceof Error ? error.stack : undefined };
}

const admitted = { ok: true, leftOut: 0 } as const;

function plain(fields: LogFields): LogFields {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [[key, asValue(value)]])),
  );
}

function asText(
  entry: LogFields & { readonly ts: string | number; readonly level: string; readonly msg: string },
): string {
  const { ts, level, msg, ...fields } = entry;
  const pairs = Object.entries(fields).map(
    ([key, value]) => ` ${key}=${typeof value === 'string' ? quoted(value) : JSON.stringify(value)}`,
  );
  return `${ts} ${level.toUpperCase().padEnd(5)} ${oneLine(msg)}${pairs.join('')}\n`;
}

function quoted(value: string): string {
  return /^[\w./:@-]+$/.test(value) ? value : JSON.stringify(value);
}

/** Terminals act on other control characters too. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}
