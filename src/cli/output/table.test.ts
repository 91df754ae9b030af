import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Column, printTable } from './table.ts';
import { terminalOf } from './terminal.ts';

interface Row {
  readonly name: string;
  readonly says?: string;
}

const columns: readonly Column<Row>[] = [
  { title: 'NAME', of: ({ name }) => name, tone: ({ name }) => (name === 'bad' ? 'bad' : undefined) },
  { title: 'MESSAGE', of: ({ says }) => says, mayBeCut: true },
];
const pipe = { terminal: terminalOf({}, {}) };

function on(width: number) {
  return { terminal: terminalOf({ isTTY: true, columns: width }, { NO_COLOR: '1' }) };
}

test('columns align, nothing trails, and what is missing is a dash', () => {
  const rows = [{ name: 'a', says: 'x' }, { name: 'longer' }];
  assert.equal(printTable(rows, columns, pipe), 'NAME    MESSAGE\na       x\nlonger  -\n');
});

test('wide characters align too', () => {
  const rows = [
    { name: '日本', says: 'x' },
    { name: 'abcdef', says: 'y' },
  ];
  assert.equal(printTable(rows, columns, pipe), 'NAME    MESSAGE\n日本    x\nabcdef  y\n');
});

test('a terminal cuts what may be cut, and never the rest', () => {
  const rows = [{ name: 'payments', says: 'waiting for Deployment shop/web' }];
  assert.equal(printTable(rows, columns, on(28)), 'NAME      MESSAGE\npayments  waiting for Deplo…\n');
  assert.equal(printTable(rows, columns, on(5)), 'NAME      MESSAGE\npayments  waiting…\n');
  assert.match(printTable(rows, columns, pipe), /shop\/web\n$/);
});

test('of several that may be cut the widest gives way first', () => {
  const revision: Column<Row> = { title: 'REVISION', of: () => 'r'.repeat(30), mayBeCut: true };
  const [line = ''] = printTable([{ name: 'a', says: 'm'.repeat(20) }], [...columns, revision], on(40))
    .split('\n')
    .slice(1);
  assert.equal(line.length, 40);
  assert.deepEqual(
    line.split(/ +/).map((cell) => cell.length),
    [1, 16, 16],
  );
});

test('a message of several lines stays on its line, and cannot colour the terminal', () => {
  const rows = [{ name: 'a', says: 'one\ntwo \x1b[31mred' }];
  assert.equal(printTable(rows, columns, pipe), 'NAME  MESSAGE\na     one two red\n');
});

test('colours do not count for the width', () => {
  const text = printTable([{ name: 'bad', says: 'x' }], columns, { terminal: terminalOf({ isTTY: true }, {}) });
  assert.equal(text, '\x1b[1mNAME\x1b[0m  \x1b[1mMESSAGE\x1b[0m\n\x1b[31mbad\x1b[0m   x\n');
});

test('lines may be indented, and go without a heading', () => {
  assert.equal(printTable([{ name: 'a', says: 'x' }], columns, { ...pipe, indent: 2, heading: false }), '  a     x\n');
});
