import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { YamlValue } from '../../shared/yaml/yaml-value.ts';
import { compare } from './compare.ts';
import { fieldsOf } from './fields.ts';
import { linesOf } from './lines.ts';

interface Case {
  readonly of: string;
  readonly from: Readonly<Record<string, YamlValue>>;
  readonly to: Readonly<Record<string, YamlValue>>;
  readonly lines: readonly string[];
  readonly paths: readonly string[];
}

const cases: readonly Case[] = [
  {
    of: 'a field deep down, with what leads there',
    from: { spec: { replicas: 1, paused: true } },
    to: { spec: { replicas: 2, paused: true } },
    lines: [' spec:', '-  replicas: 1', '+  replicas: 2'],
    paths: ['spec.replicas'],
  },
  {
    of: 'fields that came and went, in the order of YAML',
    from: { b: { x: 1 } },
    to: { a: [1], c: 'yes' },
    lines: ['+a:', '+- 1', '-b:', '-  x: 1', '+c: "yes"'],
    paths: ['a', 'b', 'c'],
  },
  {
    of: 'an element that a field tells from the others',
    from: {
      list: [
        { name: 'a', v: 1 },
        { name: 'b', v: 1 },
      ],
    },
    to: { list: [{ name: 'a', v: 1 }, { name: 'b', v: 2 }, { name: 'c' }] },
    lines: [' list:', ' - name: b', '-  v: 1', '+  v: 2', '+- name: c'],
    paths: ['list[name=b].v', 'list[name=c]'],
  },
  {
    of: 'elements that nothing tells apart',
    from: { list: ['a', 'b', 'c'] },
    to: { list: ['a', 'c', 'd'] },
    lines: [' list:', '-- b', '+- d'],
    paths: ['list[1]', 'list[2]'],
  },
  {
    of: 'an order that matters',
    from: { list: [{ name: 'a' }, { name: 'b' }] },
    to: { list: [{ name: 'b' }, { name: 'a' }] },
    lines: [' list:', '-- name: a', '+- name: a'],
    paths: ['list[name=a]', 'list[name=a]'],
  },
  {
    of: 'lines of a text, and of the others those around',
    from: { data: { 'a.conf': '1\n2\n3\n4\n5\n6\n7\n8\n9\n' } },
    to: { data: { 'a.conf': '1\n2\n3\n4\nfive\n6\n7\n8\n9\n' } },
    lines: [
      ' data:',
      '   a.conf: |',
      '     2',
      '     3',
      '     4',
      '-    5',
      '+    five',
      '     6',
      '     7',
      '     8',
      '     …',
    ],
    paths: ['data["a.conf"]'],
  },
  {
    of: 'the line break at the end of a text',
    from: { a: '1\n2\n' },
    to: { a: '1\n2' },
    lines: [' a: |', '   1', '-  2', '+  2 (no line break at the end)'],
    paths: ['a'],
  },
  {
    of: 'another kind of value',
    from: { a: '1', b: { c: 1 }, d: null },
    to: { a: 1, b: [1], d: {} },
    lines: ['-a: "1"', '+a: 1', '-b:', '-  c: 1', '+b:', '+- 1', '-d: null', '+d: {}'],
    paths: ['a', 'b', 'd'],
  },
];

for (const { of, from, to, lines, paths } of cases) {
  test(`it shows ${of}`, () => {
    const difference = compare(from, to);
    assert.ok(difference !== undefined);
    const shown = linesOf(difference).map(({ mark, text }) => mark + text);
    assert.deepEqual(shown, lines);
    assert.deepEqual(
      fieldsOf(difference).map(({ path }) => path),
      paths,
    );
  });
}

test('the same is no difference: in another order of fields, or as a BigInt', () => {
  assert.equal(compare({ a: 1, b: [{ c: 1, d: 2 }] }, { b: [{ d: 2, c: 1 }], a: 1n }), undefined);
});

test('a text that moves the cursor is shown escaped', () => {
  const difference = compare({ a: '1\n\x1b[2J\n' }, { a: '2\n\x1b[2J\n' });
  assert.ok(difference !== undefined);
  assert.deepEqual(
    linesOf(difference).map(({ text }) => text),
    ['a: "1\\n\\e[2J\\n"', 'a: "2\\n\\e[2J\\n"'],
  );
});

test('a list of thousands is compared at once', () => {
  const list = (shift: number) => ({ list: Array.from({ length: 20_000 }, (_, i) => `${i + shift}`) });
  const difference = compare(list(0), list(20_000));
  assert.equal(difference?.is === 'in map' && fieldsOf(difference).length, 40_000);
});
