import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applySetId, inventoryName } from './names.ts';

test('parts that join alike have different names', () => {
  assert.notEqual(inventoryName('a-b', 'c', 0), inventoryName('a', 'b-c', 0));
});

test('a name reads as set, stage and shard', () => {
  assert.match(inventoryName('shop', 'db', 3), /^shop-db-03-[0-9a-f]{10}$/);
});

test('a long name is cut before its hash and stays a valid name', () => {
  const name = inventoryName('s'.repeat(250), 'stage', 0);
  assert.equal(name.length, 253);
  assert.match(name, /^[a-z0-9]([-a-z0-9]*[a-z0-9])?-[0-9a-f]{10}$/);
});

test('the ApplySet id fits a label value', () => {
  const id = applySetId('shop-db-00-0123456789', 'shop');
  assert.match(id, /^applyset-[A-Za-z0-9_-]{43}-v1$/);
  assert.ok(id.length <= 63);
});
