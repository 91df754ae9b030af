import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chain } from './chain.ts';

function drain(chain: Chain<string>, links: ReadonlyMap<string, Parameters<typeof chain.remove>[0]>): string {
  let order = '';
  for (let first = chain.first; first !== undefined; first = chain.first) {
    order += first;
    chain.remove(links.get(first)!);
  }
  return order;
}

test('elements come out in order, whichever were taken from the middle, the head or the tail', () => {
  for (const [gone, left] of [
    ['c', 'abde'],
    ['a', 'bcde'],
    ['e', 'abcd'],
    ['bcd', 'ae'],
    ['abcde', ''],
  ] as const) {
    const chain = new Chain<string>();
    const links = new Map([...'abcde'].map((letter) => [letter, chain.push(letter)]));
    for (const letter of gone) chain.remove(links.get(letter)!);
    assert.equal(chain.size, left.length);
    links.set('f', chain.push('f'));
    assert.equal(drain(chain, links), `${left}f`);
    assert.equal(chain.size, 0);
  }
});
