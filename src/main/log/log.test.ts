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

test('any value becomes a line, and none a line without end', () => {
  const { lines, log } = logged('info', 'json');
  const ring: Record<string, unknown> = {};
  ring.ring = ring;
  const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`k${i}`, i]));
  log.info('x'.repeat(1e6), { ring, big: 2n, list: Array(1_000).fill('y'.repeat(100)), many, call: () => 1 });
  assert.equal(lines.length, 1);
  const { msg, big, list, many: some } = JSON.parse(lines[0]!);
  assert.ok(lines[0]!.length < 20_000);
  assert.match(msg, /^x+… \(995904 more characters\)$/);
  assert.equal(big, '2');
  assert.deepEqual([list.length, list[50]], [51, '… 950 more']);
  assert.equal(some['…'], '950 more');
});

test('a terminal is told nothing that it would act on', () => {
  const { lines, log } = logged('info', 'text');
  log.info('red \u001b[31m and\u2028split');
  assert.deepEqual(lines, ['1970-01-01T00:00:00.000Z INFO  red  [31m and split\n']);
});

test('the time is written as asked for, a stack only from the level that asks for it', () => {
  const entries: Record<string, unknown>[] = [];
  const clock = { ...systemClock, wallMs: () => 1_500 };
  const write = (line: string) => void entries.push(JSON.parse(line));
  for (const time of ['epoch', 'millis', 'nano', 'iso8601', 'rfc3339', 'rfc3339nano'] as const) {
    const log = createLog({ level: 'info', encoding: 'json', stacksFrom: 'error', time, clock, write });
    log.warn('a warning', { error: new Error('there') });
  }
  const times = [1.5, 1_500, 1.5e9, '1970-01-01T00:00:01.500Z', '1970-01-01T00:00:01Z', '1970-01-01T00:00:01.500Z'];
  assert.deepEqual(
    entries.map(({ ts }) => ts),
    times,
  );
  assert.ok(entries.every(({ stack }) => stack === undefined));
  createLog({ level: 'info', encoding: 'json', stacksFrom: 'error', clock, write }).error('broken', {
    error: new Error('there'),
  });
  assert.match(String(entries.at(-1)?.stack), /^Error: there\n +at .*log\.test\.ts/);
});
