import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../shared/time/clock.ts';
import { createLog, type LogEncoding, type LogLevel } from './log.ts';

function logged(level: LogLevel, encoding: LogEncoding): { lines: string[]; log: ReturnType<typeof createLog> } {
  const lines: string[] = [];
  const clock = { ...systemClock, wallMs: () => 0 };
  return { lines, log: createLog({ level, encoding, clock, write: (line) => lines.push(line) }) };
}

test('a JSON entry is one line with its fields, bound ones too', () => {
  const { lines, log } = logged('info', 'json');
  log.with({ stageset: 'a/b' }).error('it broke', { error: new Error('two\nlines'), nothing: undefined });
  assert.deepEqual(lines, [
    '{"ts":"1970-01-01T00:00:00.000Z","level":"error","msg":"it broke","stageset":"a/b","error":"two\\nlines"}\n',
  ]);
});

test('text is one line too, whatever is in it', () => {
  const { lines, log } = logged('info', 'text');
  log.info('a\nb', { plain: 'x/y', spaced: 'a b\n', n: 1 });
  assert.deepEqual(lines, ['1970-01-01T00:00:00.000Z INFO  a b plain=x/y spaced="a b\\n" n=1\n']);
});

test('what lies below the level is not written', () => {
  const { lines, log } = logged('warn', 'json');
  log.info('quiet');
  log.debug('quieter');
  assert.deepEqual(lines, []);
});
