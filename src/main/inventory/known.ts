import type { StageInventory } from '../../shared/api/types.ts';
import { keyOf, type Store } from '../kube/store.ts';
import { withoutManagedFields } from '../kube/without-managed-fields.ts';
import type { InventoryStore } from './inventory.ts';

/** The inventories that the watch has told of, but for those that we deleted: it tells of that later. */
export function knownInventories(watched: Store<StageInventory, 'owner'>): InventoryStore {
  const deleted = new Set<string | undefined>();
  watched.onChange((_key, now, before) => {
    if (now === undefined) deleted.delete(before?.metadata.uid);
  });
  return {
    ownedBy: (uid) => watched.byIndex('owner', uid).filter(({ metadata }) => !deleted.has(metadata.uid)),
    put: (inventory) => watched.put(withoutManagedFields(inventory)),
    remove: (inventory) => {
      if (watched.get(keyOf(inventory))?.metadata.uid === inventory.metadata.uid) deleted.add(inventory.metadata.uid);
    },
  };
}
