import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyOf, Store } from './store.ts';

interface Thing {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly resourceVersion: string };
  readonly color: string;
}

function thing(name: string, version: number, color = 'red'): Thing {
  return { metadata: { name, namespace: 'shop', resourceVersion: String(version) }, color };
}

/** A store that keeps a diary: `+` new, `~` changed, `-` gone. */
function watchedStore() {
  const store = new Store<Thing, 'color'>({ color: ({ color }) => [color] });
  const diary: string[] = [];
  store.onChange((key, now, before) => {
    assert.equal(store.get(key), now, 'listeners see the store as it is after the change');
    const mark = before === undefined ? '+' : now === undefined ? '-' : '~';
    diary.push(`${mark}${key}@${(now ?? before)?.metadata.resourceVersion}`);
  });
  return { store, diary, told: () => diary.splice(0) };
}

test('keys', () => {
  assert.equal(keyOf({ metadata: { name: 'a', namespace: 'shop' } }), 'shop/a');
  assert.equal(keyOf({ metadata: { name: 'a' } }), 'a');
});

test('a list replaces everything, and only differences are told', () => {
  const { store, told } = watchedStore();
  store.replaceAll([thing('a', 1), thing('b', 2), thing('c', 3)], '5');
  assert.deepEqual(told(), ['+shop/a@1', '+shop/b@2', '+shop/c@3']);
  store.replaceAll([thing('a', 1), thing('b', 6)], '7');
  assert.deepEqual(told(), ['~shop/b@6', '-shop/c@3']);
  assert.equal(store.size, 2);
});

test('an object never goes back', () => {
  const { store, told } = watchedStore();
  store.replaceAll([], '1');
  store.put(thing('a', 10, 'blue'));
  told();
  store.put(thing('a', 9));
  store.put(thing('a', 10));
  store.remove(thing('a', 8));
  assert.equal(store.get('shop/a')?.color, 'blue');
  assert.deepEqual(told(), []);
});

test('what is known in part is completed by the same version, from a watch or a list, once', () => {
  const { store, told } = watchedStore();
  store.replaceAll([], '1');
  store.putPartial(thing('watched', 10, 'unknown'));
  store.putPartial(thing('listed', 11, 'unknown'));
  told();
  store.put(thing('watched', 9));
  store.putPartial(thing('watched', 10));
  assert.equal(store.get('shop/watched')?.color, 'unknown');
  store.put(thing('watched', 10, 'red'));
  store.put(thing('watched', 10, 'blue'));
  assert.equal(store.get('shop/watched')?.color, 'red');
  store.replaceAll([thing('watched', 10, 'red'), thing('listed', 11, 'red')], '12');
  assert.deepEqual(store.byIndex('color', 'red').length, 2);
  assert.deepEqual(told(), ['~shop/watched@10', '~shop/listed@11']);
});

test('a list older than what is known in part leaves it so', () => {
  const { store } = watchedStore();
  store.replaceAll([], '1');
  store.putPartial(thing('a', 10, 'unknown'));
  store.replaceAll([], '9');
  store.put(thing('a', 10, 'red'));
  assert.equal(store.get('shop/a')?.color, 'red');
});

test('a list that began before our own write neither undoes it nor takes the new object away', () => {
  const { store } = watchedStore();
  store.replaceAll([thing('changed', 5)], '7');
  store.put(thing('changed', 10, 'ours'));
  store.put(thing('created', 11, 'ours'));
  store.replaceAll([thing('changed', 5)], '9');
  assert.equal(store.get('shop/changed')?.color, 'ours');
  assert.equal(store.get('shop/created')?.color, 'ours');
});

test('a list that is later than our own write knows better', () => {
  const { store } = watchedStore();
  store.replaceAll([], '1');
  store.put(thing('deleted since', 10));
  store.replaceAll([], '12');
  assert.equal(store.size, 0);
});

test('an answer that comes after the deletion was heard of does not bring the object back', () => {
  const { store } = watchedStore();
  store.replaceAll([thing('a', 5)], '7');
  store.remove(thing('a', 12));
  store.put(thing('a', 11));
  assert.equal(store.size, 0);

  store.replaceAll([], '20');
  store.put(thing('b', 15));
  assert.equal(store.size, 0, 'nor after a list that no longer has it');
  store.put(thing('b', 21));
  assert.equal(store.size, 1, 'but created anew it is there');
});

test('a deletion heard of after the object was created anew is old news', () => {
  const { store } = watchedStore();
  store.replaceAll([thing('a', 5)], '7');
  store.put(thing('a', 12, 'second life'));
  store.remove(thing('a', 10));
  assert.equal(store.get('shop/a')?.color, 'second life');
});

test('a cluster restored from a backup is believed', () => {
  const { store } = watchedStore();
  store.replaceAll([thing('a', 500), thing('b', 400)], '600');
  store.replaceAll([thing('a', 90, 'of old')], '100');
  assert.equal(store.get('shop/a')?.color, 'of old');
  assert.equal(store.get('shop/b'), undefined);
  store.put(thing('a', 101, 'goes on'));
  assert.equal(store.get('shop/a')?.color, 'goes on');
});

test('an index follows every change', () => {
  const { store } = watchedStore();
  const red = () => store.byIndex('color', 'red').map(({ metadata }) => metadata.name);
  store.replaceAll([thing('a', 1), thing('b', 2), thing('c', 3, 'blue')], '5');
  assert.deepEqual(red(), ['a', 'b']);
  store.put(thing('a', 6, 'blue'));
  assert.deepEqual(red(), ['b']);
  store.remove(thing('b', 7));
  assert.deepEqual(red(), []);
  store.replaceAll([thing('c', 8)], '9');
  assert.deepEqual(red(), ['c']);
  assert.deepEqual(store.byIndex('color', 'blue'), []);
});

test('who stops listening is told nothing more', () => {
  const store = new Store<Thing>();
  let told = 0;
  const stop = store.onChange(() => {
    told += 1;
  });
  store.put(thing('a', 1));
  stop();
  store.put(thing('a', 2));
  assert.equal(told, 1);
});
