import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FairLine } from './fair-line.ts';

function lineOf(items: readonly string[]): { line: FairLine<string>; leave: Map<string, () => void> } {
  const line = new FairLine<string>();
  return { line, leave: new Map(items.map((item) => [item, line.join(item.slice(0, 1), item)])) };
}

function serveAll({ line, leave }: ReturnType<typeof lineOf>): string[] {
  const served: string[] = [];
  for (let item = line.next(); item !== undefined; item = line.next()) {
    served.push(item);
    leave.get(item)!();
  }
  return served;
}

test('a namespace with one item does not wait behind all of another', () => {
  assert.deepEqual(serveAll(lineOf(['a1', 'a2', 'a3', 'b1', 'c1', 'c2'])), ['a1', 'b1', 'c1', 'a2', 'c2', 'a3']);
});

test('who steps out is not served, and the last one takes its namespace along', () => {
  const scene = lineOf(['a1', 'b1', 'c1', 'c2']);
  scene.leave.get('b1')!();
  scene.leave.get('c1')!();
  assert.deepEqual(serveAll(scene), ['a1', 'c2']);
});

test('a namespace that comes back stands behind those that waited', () => {
  const scene = lineOf(['a1', 'b1']);
  scene.leave.get('a1')!();
  scene.leave.set('a2', scene.line.join('a', 'a2'));
  assert.deepEqual(serveAll(scene), ['b1', 'a2']);
});
