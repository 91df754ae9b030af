import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainShow } from './plain-show.ts';
import { next, opening } from './view.ts';

test('each thing that happens is told once, on a line without codes', () => {
  let told = '';
  const show = plainShow((text) => {
    told += text;
  });
  let view = opening([{ title: 'Look', tells: 'There.' }], 1_000);
  for (const news of [
    { is: 'act begun', act: 0 },
    { is: 'deed', text: 'two\nlines' },
    { is: 'event', type: 'Warning', reason: 'StageFailed', note: 'why' },
    { is: 'proof', text: 'so it is' },
    { is: 'answer', lines: ['NAME  READY', '  shop  True', `${'long '.repeat(15)}line`] },
  ] as const) {
    view = next(view, news, 3_500);
    show.update(view);
    show.update(view);
  }
  assert.equal(
    told,
    [
      '',
      '== Look',
      'There.',
      '   2.5 s  two',
      '          lines',
      '   2.5 s  ! StageFailed: why',
      '   2.5 s  ✔ so it is',
      '          NAME  READY',
      '            shop  True',
      `          ${'long '.repeat(14).trim()}`,
      '          long line',
      '',
    ].join('\n'),
  );
});
