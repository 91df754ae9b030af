import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { liveShow } from './live-show.ts';
import { next, opening } from './view.ts';

class FakeTerminal extends EventEmitter {
  columns = 40;
  rows = 30;
  readonly #written: string[] = [];

  write(text: string): void {
    this.#written.push(text);
  }

  /** What came since it was last asked. */
  told(): string {
    return this.#written.splice(0).join('');
  }
}

const view = next(opening([{ title: 'Look', tells: 'There.' }], 0), { is: 'act begun', act: 0 }, 0);

test('it has a screen and no cursor while it lasts, draws over itself, and gives both back once', (t) => {
  const terminal = new FakeTerminal();
  const exitListeners = process.listenerCount('exit');
  const show = liveShow(terminal, { color: false, nowMs: () => 0 });
  t.after(show.close);
  assert.equal(terminal.told(), '\x1b[?1049h\x1b[?25l');
  show.update(view);
  const frame = terminal.told();
  assert.ok(frame.startsWith('\x1b[1;1Hstageset-controller'), 'from the top');
  assert.ok(frame.includes('⠋ Look  0.0 s\x1b[K\x1b['), 'each line wipes what stood behind it');
  show.update(view);
  assert.equal(terminal.told(), '', 'nothing has changed');
  show.update(next(view, { is: 'act shown', act: 0 }, 0));
  const after = terminal.told();
  assert.ok(after.startsWith('\x1b[3;1H✔ Look  0.0 s\x1b[K'), 'only what has changed is drawn');
  assert.ok(after.endsWith('\x1b[J'), 'and what is left over is wiped');
  show.close();
  assert.equal(terminal.told(), '\x1b[?25h\x1b[?1049l');
  show.update(view);
  show.close();
  assert.equal(terminal.told(), '');
  assert.deepEqual([terminal.listenerCount('resize'), process.listenerCount('exit')], [0, exitListeners]);
});

test('a resized terminal is drawn anew in its new size', (t) => {
  const terminal = new FakeTerminal();
  const show = liveShow(terminal, { color: false, nowMs: () => 0 });
  t.after(show.close);
  show.update(view);
  terminal.told();
  terminal.columns = 12;
  terminal.rows = 2;
  terminal.emit('resize');
  assert.equal(terminal.told(), '\x1b[H\x1b[J\x1b[1;1Hstageset-co…\x1b[K\x1b[2;1H⠋ Look  0.0…\x1b[K');
  show.close();
});
