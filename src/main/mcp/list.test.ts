import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StageSet } from '../../shared/api/types.ts';
import { listPage } from './list.ts';
import { listQuery, MOST_LISTED } from './schemas.ts';

function stageSet(namespace: string, name: string, reason = 'Succeeded', suspend = false): StageSet {
  const status = reason === 'Succeeded' ? 'True' : 'False';
  const message = 'why '.repeat(500);
  return {
    apiVersion: 'stages.metio.wtf/v1',
    kind: 'StageSet',
    metadata: { namespace, name, generation: 1 },
    spec: { stages: [{ name: 'app', sourceRef: { name: 'app' } }], suspend },
    status: {
      observedGeneration: 1,
      conditions: [{ type: 'Ready', status, reason, message, lastTransitionTime: '2030-01-01T00:00:00Z' }],
    },
  };
}

const page = (sets: Iterable<StageSet>, query: object = {}) => listPage(sets, listQuery.parse(query), '');
const names = ({ items }: ReturnType<typeof page>) => items.map(({ namespace, name }) => `${namespace}/${name}`);

const few = [
  stageSet('b', 'two', 'StageFailed'),
  stageSet('a', 'one'),
  stageSet('b', 'one', 'Suspended', true),
  { ...stageSet('c', 'new'), status: {} },
];

test('what is listed is sorted and filtered', () => {
  assert.deepEqual(names(page(few)), ['a/one', 'b/one', 'b/two', 'c/new']);
  assert.deepEqual(names(page(few, { namespace: 'b' })), ['b/one', 'b/two']);
  assert.deepEqual(names(page(few, { ready: 'False' })), ['b/one', 'b/two']);
  assert.deepEqual(names(page(few, { ready: 'Unknown' })), ['c/new']);
  assert.deepEqual(names(page(few, { reason: 'StageFailed' })), ['b/two']);
  assert.deepEqual(names(page(few, { suspended: true })), ['b/one']);
  assert.deepEqual(names(page(few, { suspended: false, ready: 'True' })), ['a/one']);
});

test('pages tell each StageSet once, also when one of them goes meanwhile', () => {
  const first = page(few, { limit: 2 });
  assert.deepEqual([names(first), first.total, first.nextCursor], [['a/one', 'b/one'], 4, 'b/one']);
  const left = few.filter(({ metadata }) => metadata.name !== 'one');
  const second = page(left, { limit: 2, cursor: first.nextCursor });
  assert.deepEqual([names(second), second.nextCursor], [['b/two', 'c/new'], undefined]);
});

test('of 5,000 StageSets the longest page is no burden', () => {
  const many = Array.from({ length: 5_000 }, (_, i) => stageSet(`team-${i % 50}`, `set-${i}`, 'StageFailed'));
  const longest = page(many, { limit: MOST_LISTED });
  assert.equal(longest.items.length, MOST_LISTED);
  assert.equal(longest.total, 5_000);
  assert.ok(JSON.stringify(longest).length < 150_000);
  assert.throws(() => page(many, { limit: MOST_LISTED + 1 }));
});
