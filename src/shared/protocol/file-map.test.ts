import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareBytes, openFileMap, packFiles } from './file-map.ts';

function mapOf(files: Readonly<Record<string, string>>) {
  return openFileMap(packFiles(new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]))));
}

test('what is packed is read, as a view of the shared buffer', () => {
  const map = mapOf({ 'b.yaml': 'B', 'a/x.yaml': 'long é', empty: '' });
  assert.deepEqual(map.paths(), ['a/x.yaml', 'b.yaml', 'empty']);
  assert.equal(new TextDecoder().decode(map.read('a/x.yaml')), 'long é');
  assert.equal(map.read('empty')?.length, 0);
  assert.equal(map.read('a'), undefined);
  assert.ok(map.read('b.yaml')?.buffer instanceof SharedArrayBuffer);
});

test('directories list what is in them, by the bytes of the names', () => {
  const map = mapOf({ 'b/x': '', 'b.yaml': '', 'b-c.yaml': '', 'B.yaml': '', 'a/y/z': '', '.hidden/x': '' });
  assert.deepEqual(
    map.list('')?.map(({ name, kind }) => (kind === 'directory' ? `${name}/` : name)),
    ['.hidden/', 'B.yaml', 'a/', 'b/', 'b-c.yaml', 'b.yaml'],
  );
  assert.deepEqual(map.list('a'), [{ name: 'y', kind: 'directory' }]);
  assert.equal(map.list('b.yaml'), undefined);
  assert.equal(map.list('gone'), undefined);
});

test('an empty artifact has an empty root', () => {
  const map = mapOf({});
  assert.deepEqual(map.list(''), []);
  assert.deepEqual(map.paths(), []);
});

test('shared bytes are packed once', () => {
  const bytes = Buffer.alloc(10_000, 'x');
  const packed = packFiles(
    new Map([
      ['a', bytes],
      ['link', bytes],
    ]),
  );
  assert.ok(packed.byteLength < 11_000);
  assert.deepEqual(openFileMap(packed).read('a'), openFileMap(packed).read('link'));
});

test('names that are properties of objects are names', () => {
  const map = mapOf({ __proto__x: '1', constructor: '2', 'toString/valueOf': '3' });
  assert.equal(new TextDecoder().decode(map.read('constructor')), '2');
  assert.deepEqual(map.list('toString'), [{ name: 'valueOf', kind: 'file' }]);
  assert.equal(map.list('hasOwnProperty'), undefined);
});

test('the order is that of UTF-8 bytes', () => {
  const names = ['', '-', '.', 'B', 'a', 'aa', 'é', '\uffee', '😀'];
  for (const [at, name] of names.entries()) {
    for (const [other, otherName] of names.entries()) {
      const want = Math.sign(Buffer.compare(Buffer.from(name), Buffer.from(otherName)));
      assert.equal(Math.sign(compareBytes(name, otherName)), want);
      assert.equal(want, Math.sign(at - other));
    }
  }
});
