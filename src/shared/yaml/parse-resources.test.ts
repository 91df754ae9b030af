import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HeapRoom, OutOfRoomError } from '../heap-room.ts';
import { parseResources, YamlError } from './parse-resources.ts';

const docs = (text: string) => parseResources(text, new HeapRoom(64 * 1024 * 1024));
const refusal = (text: string) => {
  try {
    docs(text);
  } catch (error) {
    assert.ok(error instanceof YamlError, String(error));
    return error.message;
  }
  throw new assert.AssertionError({ message: `was read: ${text}` });
};

/** As kustomize v5.8.2 answers, value by value. */
const scalars: readonly (readonly [written: string, read: unknown])[] = [
  ['y', 'y'],
  ['No', 'No'],
  ['on', 'on'],
  ['off', 'off'],
  ['yes', 'yes'],
  ['true', true],
  ['TRUE', true],
  ['tRUE', 'tRUE'],
  ['False', false],
  ['~', null],
  ['Null', null],
  ['', null],
  ['0750', 488],
  ['0o17', 15],
  ['-0o7', -7],
  ['08', 8],
  ['00', 0],
  ['0b101', 5],
  ['-0b11', -3],
  ['0B11', 3],
  ['0b2', '0b2'],
  ['0x1F', 31],
  ['0X1f', 31],
  ['+0x10', 16],
  ['0x', '0x'],
  ['1_500', 1500],
  ['1__0', 10],
  ['_1', '_1'],
  ['+12', 12],
  ['-0', -0],
  ['2e3', 2000],
  ['1e5_0', 1e50],
  ['1.5_0', 1.5],
  ['.1_0', 0.1],
  ['1.0', 1],
  ['1.', 1],
  ['.5', 0.5],
  ['-.5', -0.5],
  ['1e400', '1e400'],
  ['1:30', '1:30'],
  ['5e-324', 5e-324],
  ['9007199254740993', 9007199254740993n],
  ['18446744073709551615', 18446744073709551615n],
  ['18446744073709551616', 2 ** 64],
  ['-9223372036854775808', -9223372036854775808n],
  ['-9223372036854775809', -(2 ** 63)],
  ['0xffffffffffffffff', 18446744073709551615n],
  ['9'.repeat(1_000), '9'.repeat(1_000)],
  [`0x${'f'.repeat(17)}`, `0x${'f'.repeat(17)}`],
  ['2030-12-31', '2030-12-31T00:00:00Z'],
  ['2001-1-2', '2001-01-02T00:00:00Z'],
  ['2000-02-29', '2000-02-29T00:00:00Z'],
  ['1900-02-29', '1900-02-29'],
  ['2001-13-02', '2001-13-02'],
  ['20011-01-02', '20011-01-02'],
  ['2001-12-14T21:59:43Z', '2001-12-14T21:59:43Z'],
  ['2001-12-14t21:59:43.10-05:00', '2001-12-14T21:59:43.1-05:00'],
  ['2001-12-14T21:59:43+00:00', '2001-12-14T21:59:43Z'],
  ['2001-12-14 21:59:43.10', '2001-12-14T21:59:43.1Z'],
  ['2001-12-14 24:00:00', '2001-12-14 24:00:00'],
  ['"0750"', '0750'],
  ["'2030-12-31'", '2030-12-31'],
  ['!!str 12', '12'],
  ["!!int '5'", 5],
  ['!!float 5', 5],
  ['!!timestamp 2001-01-01', '2001-01-01T00:00:00Z'],
];

for (const [written, read] of scalars) {
  test(`reads ${written || 'nothing'} as ${typeof read} ${read}`, () => {
    assert.deepEqual(docs(`a: ${written}\n`), [{ a: read }]);
    assert.deepEqual(docs(`- ${written}\n`), [[read]]);
  });
}

const refused: readonly (readonly [name: string, text: string, why: string])[] = [
  ['a duplicate key', 'a: 1\nb: 2\na: 3', 'line 3: duplicated mapping key'],
  ['a number as key', '8080: web', 'line 1: a mapping key is not a string'],
  ['a boolean as key', 'true: x', 'line 1: a mapping key is not a string'],
  ['null as key', '~: x', 'line 1: a mapping key is not a string'],
  ['a date as key', '2030-12-31: x', 'line 1: a mapping key is not a string'],
  ['a list as key', '? [a]\n: x', 'line 1: a mapping key is not a string'],
  ['infinity', 'a: .inf', 'line 1: infinity and not-a-number do not fit into JSON'],
  ['infinity in a list', '- -.INF', 'line 1: infinity and not-a-number do not fit into JSON'],
  ['not-a-number', 'a: .nan', 'line 1: infinity and not-a-number do not fit into JSON'],
  ['a wrong explicit tag', 'a: !!bool yes', 'line 1: cannot resolve a node with explicit tag'],
  ['an unknown alias', 'a: *hunter2', 'line 1: unidentified alias'],
  ['text after a separator', 'a: 1\n--- {b: 1}\nc: 1', 'line 2: a document separator is followed by something else'],
  ['an alias of itself', 'a: &x [*x]', 'nested too deeply once its aliases are written out'],
  ['a control character', 'a: \u0007', 'line 1: the stream contains non-printable characters'],
];

for (const [name, text, why] of refused) {
  test(`refuses ${name}`, () => assert.equal(refusal(text), why));
}

test('the line counts from the top of the file', () => {
  assert.equal(
    refusal('a: 1\n---\nb: 1\n---\n# c\nd: [\n'),
    'line 7: unexpected end of the stream within a flow collection',
  );
  assert.equal(refusal('a: 1\r\n---\r\nb: 1\r\nb: 2\r\n'), 'line 4: duplicated mapping key');
});

test('documents are parted, empty ones are null', () => {
  assert.deepEqual(docs(''), [null]);
  assert.deepEqual(docs('# only a comment\n'), [null]);
  assert.deepEqual(docs('---\na: 1\n--- # second\nb: 2\n...\n---\n'), [{ a: 1 }, { b: 2 }, null]);
  assert.deepEqual(docs('a: 1\n---\n\n---\nb: 2\n'), [{ a: 1 }, null, { b: 2 }]);
});

test('JSON is YAML', () => {
  const text = '{\n\t"a": [1, 2.50, "x\\u00e9\\/"],\n\t"b": {"c": null}}\n';
  assert.deepEqual(docs(text), [{ a: [1, 2.5, 'xé/'], b: { c: null } }]);
});

test('brackets, quotes and their content may stand as far left as they like', () => {
  assert.deepEqual(docs('spec:\n  args: [\n    a,\n  b\n  ]\n  m: {\n a: b\n}\n  q: "x\ny"\n'), [
    { spec: { args: ['a', 'b'], m: { a: 'b' }, q: 'x y' } },
  ]);
  assert.deepEqual(docs('a:\n- {b:\tc,\td: e}\n'), [{ a: [{ b: 'c', d: 'e' }] }]);
});

test('but reading again has an end', () => {
  const text = `a: [\n${'"x",\n'.repeat(40_000)}]\n`;
  assert.equal(refusal(text).replace(/line \d+/, 'line N'), 'line N: deficient indentation');
});

test('anchors, aliases and merge keys are written out, and nothing is shared', () => {
  const [document] = docs(
    'base: &b {x: 1, l: [1]}\nsame: *b\nover:\n  <<: *b\n  x: 2\nboth:\n  <<: [{x: 9}, *b]\n',
  ) as [Record<string, Record<string, unknown>>];
  assert.deepEqual(document, {
    base: { x: 1, l: [1] },
    same: { x: 1, l: [1] },
    over: { x: 2, l: [1] },
    both: { x: 9, l: [1] },
  });
  assert.notEqual(document.base, document.same);
  assert.notEqual(document.base!.l, document.over!.l);
});

test('a billion laughs end early', () => {
  const levels = Array.from(
    { length: 20 },
    (_, level) => `l${level + 1}: &l${level + 1} [${Array(10).fill(`*l${level}`)}]`,
  );
  assert.throws(() => docs(`l0: &l0 lol\n${levels.join('\n')}\n`), OutOfRoomError);
  assert.throws(() => docs(`a: &a ${'x'.repeat(1_000_000)}\nb: [${Array(100).fill('*a')}]\n`), OutOfRoomError);
});

test('what cannot fit is not even parsed', () => {
  const tooMuch = ['- a\n', '{},', "''", '\\n', '[', '- ', '? ', 'k: v\r'];
  for (const step of tooMuch) assert.throws(() => docs(step.repeat(1_000_000)), OutOfRoomError);
  assert.equal((docs(`a: "${'x'.repeat(1_000_000)}"`)[0] as { a: string }).a.length, 1_000_000);
});

test('so do too many merges', () => {
  const base = `base: &b {${Array.from({ length: 200 }, (_, key) => `k${key}: 1`)}}\n`;
  const merges = Array.from({ length: 100 }, (_, at) => `m${at}: {<<: *b}\n`);
  assert.match(refusal(base + merges.join('')), /merge keys exceeded maxTotalMergeKeys/);
});

test('depth is bounded', () => {
  assert.match(refusal('['.repeat(300) + ']'.repeat(300)), /nesting exceeded maxDepth/);
  assert.match(refusal('['.repeat(50_000)), /nesting exceeded maxDepth/);
  assert.equal(JSON.stringify(docs('['.repeat(200) + ']'.repeat(200))).length, 402);
});

test('keys of JavaScript are keys', () => {
  const [document] = docs(
    '__proto__: {polluted: 1}\nconstructor: {prototype: {polluted: 1}}\nx: &x {__proto__: 2}\ny: *x\n',
  );
  assert.equal(
    JSON.stringify(document),
    '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"x":{"__proto__":2},"y":{"__proto__":2}}',
  );
  assert.equal(({} as Record<string, unknown>).polluted, undefined);
  assert.match(refusal('__proto__: 1\n__proto__: 2'), /duplicated mapping key/);
});
