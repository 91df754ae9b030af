import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Settled } from './settled.ts';

test('a content is news once, the second time it is found', () => {
  const settled = new Settled();
  const found = ['a', 'a', 'a', '', 'b', 'b', 'b', 'a', 'a'];
  const news = found.map((content) => (settled.isNews('file', content) ? content : '.'));
  assert.equal(news.join(''), '.a...b..a');
});

test('a file cut short while it is written is never news', () => {
  const settled = new Settled();
  const found = ['a', 'a', '', 'a', 'a'];
  assert.deepEqual(
    found.filter((content) => settled.isNews('file', content)),
    ['a'],
  );
});

test('each key is its own', () => {
  const settled = new Settled();
  assert.deepEqual(
    ['x', 'y', 'x', 'y'].map((key) => settled.isNews(key, 'same')),
    [false, false, true, true],
  );
});
