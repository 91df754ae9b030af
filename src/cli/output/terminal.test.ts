import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ColorWish, type Stream, terminalOf } from './terminal.ts';

const tty: Stream = { isTTY: true, columns: 80 };

const rows: readonly [name: string, stream: Stream, env: NodeJS.ProcessEnv, wish: ColorWish, colored: boolean][] = [
  ['a terminal is coloured', tty, {}, 'auto', true],
  ['a pipe is not', {}, {}, 'auto', false],
  ['NO_COLOR is heard', tty, { NO_COLOR: '1' }, 'auto', false],
  ['an empty NO_COLOR does not count', tty, { NO_COLOR: '' }, 'auto', true],
  ['a dumb terminal is not', tty, { TERM: 'dumb' }, 'auto', false],
  ['always means a pipe too', {}, { NO_COLOR: '1' }, 'always', true],
  ['never means a terminal too', tty, {}, 'never', false],
];

for (const [name, stream, env, wish, colored] of rows) {
  test(name, () => {
    assert.equal(terminalOf(stream, env, wish).paint('x', 'bad'), colored ? '\x1b[31mx\x1b[0m' : 'x');
  });
}

test('only a terminal has columns and can be drawn on', () => {
  const { columns, canRedraw } = terminalOf(tty, {});
  assert.deepEqual([columns, canRedraw], [80, true]);
  assert.equal(terminalOf({ columns: 80 }, {}).columns, undefined);
  assert.equal(terminalOf(tty, { TERM: 'dumb' }).canRedraw, false);
});
