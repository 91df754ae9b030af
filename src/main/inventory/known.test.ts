import assert from 'node:assert/strict';
import { test } from 'node:test';
import { API_VERSION } from '../../shared/api/group.ts';
import type { StageInventory, StageSet } from '../../shared/api/types.ts';
import { Store } from '../kube/store.ts';
import { knownInventories } from './known.ts';

function stageSet(resourceVersion: string, deletionTimestamp?: string): StageSet {
  const metadata = {
    name: 'app',
    namespace: 'shop',
    uid: 'set',
    resourceVersion,
    ...(deletionTimestamp && { deletionTimestamp }),
  };
  return { apiVersion: API_VERSION, kind: 'StageSet', metadata, spec: { stages: [] } } as unknown as StageSet;
}

function inventory(resourceVersion: string, uid = 'one'): StageInventory {
  const ownerReferences = [{ apiVersion: API_VERSION, kind: 'StageSet', name: 'app', uid: 'set' }];
  const metadata = { name: 'app-web-00', namespace: 'shop', uid, resourceVersion, ownerReferences };
  return { apiVersion: API_VERSION, kind: 'StageInventory', metadata, spec: { stagePosition: 0, entries: [] } };
}

function world() {
  const sets = new Store<StageSet>();
  const watched = new Store<StageInventory, 'owner'>({
    owner: ({ metadata }) => (metadata.ownerReferences ?? []).map(({ uid }) => uid),
  });
  const known = knownInventories(watched, sets);
  const versions = () => known.ownedBy('set').map(({ metadata }) => metadata.resourceVersion);
  sets.put(stageSet('1'));
  watched.put(inventory('2'));
  return { sets, watched, known, versions };
}

test('what we deleted is gone before the watch tells', () => {
  const { watched, known, versions } = world();
  known.remove(inventory('2'));
  assert.deepEqual(versions(), []);
  watched.remove(inventory('3'));
  watched.put(inventory('4', 'another'));
  assert.deepEqual(versions(), ['4']);
});

test('what somebody else deleted counts again while its StageSet is being deleted, until it is done with', () => {
  const { sets, watched, known, versions } = world();
  watched.remove(inventory('3'));
  assert.deepEqual(versions(), []);
  sets.put(stageSet('4', 'now'));
  assert.deepEqual(versions(), ['2']);
  known.remove(inventory('2'));
  assert.deepEqual(versions(), []);
});

test('what was made anew, or whose StageSet is another by now, is forgotten', () => {
  const { sets, watched, versions } = world();
  watched.remove(inventory('3'));
  watched.put(inventory('4', 'another'));
  sets.put(stageSet('5', 'now'));
  assert.deepEqual(versions(), ['4']);
  watched.remove(inventory('6', 'another'));
  sets.remove(stageSet('7'));
  sets.put(stageSet('8', 'now'));
  assert.deepEqual(versions(), []);
});
