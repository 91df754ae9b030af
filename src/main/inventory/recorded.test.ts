import assert from 'node:assert/strict';
import { test } from 'node:test';
import { API_VERSION } from '../../shared/api/group.ts';
import type { InventoryTarget, StageInventory } from '../../shared/api/types.ts';
import { keys } from '../../shared/labels.ts';
import { readInventory } from './recorded.ts';
import type { Entry } from './shards.ts';

const here: InventoryTarget = { cluster: 'u-1/a', identity: 'controller' };

interface Wishes {
  readonly owner?: string;
  readonly stage?: string;
  readonly shard?: string;
  readonly target?: InventoryTarget;
  readonly entries?: readonly Entry[];
}

function inventory(
  name: string,
  { owner = 'uid', stage = 'app', shard, target, entries = [] }: Wishes,
): StageInventory {
  const labels = { ...(stage && { [keys.stage]: stage }), ...(shard && { [keys.inventoryShard]: shard }) };
  const ownerReferences = [{ apiVersion: API_VERSION, kind: 'StageSet', name: 'app', uid: owner }];
  return {
    apiVersion: API_VERSION,
    kind: 'StageInventory',
    metadata: { name, uid: `uid-${name}`, labels, ownerReferences },
    spec: { stagePosition: 0, ...(target && { target }), entries: [...entries] },
  };
}

const shardsOf = (all: readonly StageInventory[]) =>
  readInventory(all, 'uid', here).flatMap(({ shards }) =>
    shards.map((shard) => `${shard.index} ${shard.inventory.metadata.name}`),
  );

test('shards are told by owner and stage label, and numbered by theirs, as whoever wrote them wrote it', () => {
  const all = [
    inventory('later', { shard: '01' }),
    inventory('first', { shard: '0' }),
    inventory('of-another', { owner: 'other', shard: '02' }),
    inventory('of-no-stage', { stage: '' }),
  ];
  assert.deepEqual(shardsOf(all), ['0 first', '1 later']);
});

test('one without a number, with none that counts or with one that another has gets the next that is free', () => {
  const all = ['00', '00', '-1', '1e9', 'x', undefined, '03'].map((shard, i) =>
    inventory(`s${i}`, shard === undefined ? {} : { shard }),
  );
  const read = shardsOf(all).map((each) => each.split(' ')[0]);
  assert.deepEqual(read.toSorted(), ['0', '1', '2', '3', '4', '5', '6']);
});

test('an entry that is in two shards has the print on which they agree, or none', () => {
  const entry = (p?: string): Entry => ({ id: 'x', v: 'v1', ...(p && { p }) });
  const read = (a: Entry, b: Entry) =>
    readInventory(
      [inventory('a', { shard: '00', entries: [a] }), inventory('b', { shard: '01', entries: [b] })],
      'uid',
      here,
    )[0]?.entries.get('x');
  assert.deepEqual(read(entry('p'), entry('p')), entry('p'));
  assert.deepEqual(read(entry('p'), entry('q')), entry());
  assert.deepEqual(read(entry(), entry('q')), entry());
});

test('a stage at several targets is several; what names none was written for the one at hand', () => {
  const there = { cluster: 'u-2/b', identity: 'controller' };
  const moved = { cluster: 'u-1/other-address', identity: 'controller' };
  const all = [
    inventory('bare', { shard: '00' }),
    inventory('there', { shard: '01', target: there }),
    inventory('moved', { shard: '02', target: moved }),
  ];
  const read = readInventory(all, 'uid', here).map(({ target, shards }) => [target, shards.length]);
  assert.deepEqual(read, [
    [here, 2],
    [there, 1],
  ]);
});
