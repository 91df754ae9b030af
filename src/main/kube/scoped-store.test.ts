import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScopedStore } from './scoped-store.ts';

function thing(namespace: string, name: string, resourceVersion: string) {
  return { metadata: { namespace, name, resourceVersion } };
}
const byName = { name: ({ metadata }: ReturnType<typeof thing>) => [metadata.name] };
const namesIn = (things: Iterable<ReturnType<typeof thing>>) =>
  [...things].map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);

test('namespaces that list at different times are read as one', () => {
  const store = new ScopedStore(['a', 'b'], byName);
  const told: string[] = [];
  store.onChange((key, now) => told.push(`${key} ${now?.metadata.resourceVersion ?? 'gone'}`));
  const [a, b] = store.parts;
  a?.store.replaceAll([thing('a', 'x', '100')], '200');
  b?.store.replaceAll([thing('b', 'x', '50')], '60');
  b?.store.put(thing('b', 'y', '70')); // older than what namespace a has told, and still news
  assert.deepEqual(namesIn(store.values()), ['a/x', 'b/x', 'b/y']);
  assert.deepEqual(namesIn(store.byIndex('name', 'x')), ['a/x', 'b/x']);
  assert.equal(store.get('b/y')?.metadata.resourceVersion, '70');
  assert.equal(store.size, 3);
  a?.store.replaceAll([], '210');
  assert.deepEqual(told, ['a/x 100', 'b/x 50', 'b/y 70', 'a/x gone']);
});

test('what lies outside the scope is not kept; without a scope nothing does', () => {
  const scoped = new ScopedStore(['a'], byName);
  scoped.put(thing('b', 'x', '1'));
  assert.equal(scoped.size, 0);
  const whole = new ScopedStore([], byName);
  whole.put(thing('b', 'x', '1'));
  assert.deepEqual(namesIn(whole.values()), ['b/x']);
});
