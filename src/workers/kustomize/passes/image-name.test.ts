import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imageMatcher, withImage } from './image-name.ts';

const matched: readonly (readonly [name: string, image: string, isMatched: boolean])[] = [
  ['nginx', 'nginx', true],
  ['nginx', 'nginx:1.25@sha256:abc', true],
  ['nginx', 'nginx-ingress:1', false],
  ['nginx', 'library/nginx', false],
  ['reg.org:5000/a', 'reg.org:5000/a:1', true],
  ['reg.org:5000/a', 'reg-org:5000/a', true],
  ['a|b', 'axx', true],
  ['[', '[', false],
];

for (const [name, image, isMatched] of matched) {
  test(`${name} ${isMatched ? 'is' : 'is not'} ${image}`, () => assert.equal(imageMatcher(name)(image), isMatched));
}

test('what an image becomes', () => {
  const becomes = [
    withImage('reg:5000/a/b:1@sha256:x', { newTag: '2' }),
    withImage('reg:5000/a/b:1', { digest: 'sha256:y' }),
    withImage('a:1', { newName: 'b', newTag: '2', digest: 'sha256:y' }),
    withImage('a@sha256:x', { newName: 'b' }),
    withImage('a@sha256:x', { tagSuffix: '-arm' }),
    withImage('a:1', { tagSuffix: '-arm' }),
  ];
  assert.deepEqual(becomes, [
    'reg:5000/a/b:2',
    'reg:5000/a/b@sha256:y',
    'b:2@sha256:y',
    'b@sha256:x',
    'a:-arm',
    'a:1-arm',
  ]);
});
