import assert from 'node:assert/strict';
import { test } from 'node:test';
import { directoryOf, joinPath, nameOf, resolveInside } from './artifact-path.ts';

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

test('directory and name make the path again', () => {
  for (const path of ['a', 'a/b', 'a/b/c.yaml']) assert.equal(joinPath(directoryOf(path), nameOf(path)), path);
});
