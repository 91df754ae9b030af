import assert from 'node:assert/strict';
import { test } from 'node:test';
import { directoryOf, joinPath, resolveInside } from './artifact-path.ts';

const cases: readonly (readonly [directory: string, path: string, want: string | undefined])[] = [
  ['', '', ''],
  ['', './', ''],
  ['', '.', ''],
  ['', './apps//web/', 'apps/web'],
  ['', 'a/../b', 'b'],
  ['', 'a/../..', undefined],
  ['', '..', undefined],
  ['', '/', undefined],
  ['', '/etc', undefined],
  ['a/b', '../c', 'a/c'],
  ['a/b', '../../..', undefined],
  ['a', '...', 'a/...'],
];

for (const [directory, path, want] of cases) {
  test(`${path || 'nothing'} seen from ${directory || 'the root'}: ${want ?? 'outside'}`, () => {
    assert.equal(resolveInside(directory, path), want);
  });
}

test('a path joined of a directory and a name lies in that directory', () => {
  for (const directory of ['', 'a', 'a/b']) assert.equal(directoryOf(joinPath(directory, 'c.yaml')), directory);
});
