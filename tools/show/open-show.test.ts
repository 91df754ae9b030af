import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WriteStream } from 'node:tty';
import { openShow } from './open-show.ts';
import { next, opening } from './view.ts';

const view = next(opening([{ title: 'Look', tells: 'There.' }], 0), { is: 'act begun', act: 0 }, 0);

const rows: readonly [name: string, isTTY: boolean, env: NodeJS.ProcessEnv, live: boolean, colored: boolean][] = [
  ['a terminal', true, {}, true, true],
  ['a terminal without color', true, { NO_COLOR: '1' }, true, false],
  ['an empty NO_COLOR', true, { NO_COLOR: '' }, true, true],
  ['a dumb terminal', true, { TERM: 'dumb' }, false, false],
  ['a file', false, {}, false, false],
];

for (const [name, isTTY, env, live, colored] of rows) {
  test(`${name} is drawn on: ${live}, in color: ${colored}`, () => {
    let told = '';
    const write = (text: string) => {
      told += text;
    };
    const out = { isTTY, columns: 80, rows: 24, write, on() {}, off() {} } as unknown as WriteStream;
    const show = openShow(out, env);
    show.update(view);
    show.close();
    assert.equal(told.includes('\x1b[1;1H'), live);
    assert.equal(told.includes('\x1b[36m'), colored);
    assert.equal(told.includes('\x1b'), live);
  });
}
