import type { Clock } from '../../shared/time/clock.ts';

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
  readonly clock: Clock;
  readonly write: (line: string) => void;
}

/** One line an entry; `ts`, `level` and `msg` first, then what the caller adds. Errors show their message only. */
export function createLog(options: LogOptions, bound: LogFields = {}): Log {
  const threshold = logLevels.indexOf(options.level);
  const at =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      if (logLevels.indexOf(level) < threshold) return;
      const ts = new Date(options.clock.wallMs()).toISOString();
      const entry = { ts, level, msg: message, ...plain({ ...bound, ...fields }) };
      options.write(options.encoding === 'json' ? `${JSON.stringify(entry)}\n` : asText(entry));
    };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    with: (fields) => createLog(options, { ...bound, ...fields }),
  };
}

function plain(fields: LogFields): LogFields {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) => {
      if (value === undefined) return [];
      return [[key, value instanceof Error ? value.message : value]];
    }),
  );
}

function asText(entry: LogFields & { readonly ts: string; readonly level: string; readonly msg: string }): string {
  const { ts, level, msg, ...fields } = entry;
  const pairs = Object.entries(fields).map(
    ([key, value]) => ` ${key}=${typeof value === 'string' ? quoted(value) : JSON.stringify(value)}`,
  );
  return `${ts} ${level.toUpperCase().padEnd(5)} ${oneLine(msg)}${pairs.join('')}\n`;
}

function quoted(value: string): string {
  return /^[\w./:@-]+$/.test(value) ? value : JSON.stringify(value);
}

function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ');
}
