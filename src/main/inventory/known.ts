import type { StageInventory, StageSet } from '../../shared/api/types.ts';
import { keyOf, type ObjectKey, type StoreReader, type StoreWriter } from '../kube/store.ts';
import { withoutManagedFields } from '../kube/without-managed-fields.ts';
import type { InventoryStore } from './inventory.ts';

/**
 * The inventories that the watch has told of, but for those that we deleted: it tells of that later. While a StageSet
 * is being deleted also those that went before it: a namespace that ends takes them first.
 */
export function knownInventories(
  watched: StoreReader<StageInventory, 'owner'> & Pick<StoreWriter<StageInventory>, 'put'>,
  sets: StoreReader<StageSet>,
): InventoryStore {
  const deleted = new Set<string | undefined>();
  const gone = new Map<OwnerUid, Map<ObjectKey, StageInventory>>();

  watched.onChange((key, now, before) => {
    const owner = ownerOf(now ?? before, sets);
    const uid = owner?.metadata.uid ?? '';
    if (now !== undefined) gone.get(uid)?.delete(key);
    else if (before !== undefined && !deleted.delete(before.metadata.uid) && owner !== undefined) {
      gone.set(uid, (gone.get(uid) ?? new Map()).set(key, before));
    }
  });
  sets.onChange((_key, now, before) => {
    if (before !== undefined && now?.metadata.uid !== before.metadata.uid) gone.delete(before.metadata.uid ?? '');
  });

  function goneOf(uid: OwnerUid): readonly StageInventory[] {
    const last = [...(gone.get(uid)?.values() ?? [])];
    return last.filter((inventory) => ownerOf(inventory, sets)?.metadata.deletionTimestamp !== undefined);
  }

  return {
    ownedBy: (uid) => [
      ...watched.byIndex('owner', uid).filter(({ metadata }) => !deleted.has(metadata.uid)),
      ...goneOf(uid),
    ],
    put: (inventory) => watched.put(withoutManagedFields(inventory)),
    remove: (inventory) => {
      const key = keyOf(inventory);
      if (watched.get(key)?.metadata.uid === inventory.metadata.uid) deleted.add(inventory.metadata.uid);
      for (const { uid } of inventory.metadata.ownerReferences ?? []) gone.get(uid)?.delete(key);
    },
  };
}

type OwnerUid = string;

function ownerOf(inventory: StageInventory | undefined, sets: StoreReader<StageSet>): StageSet | undefined {
  const { namespace, ownerReferences = [] } = inventory?.metadata ?? {};
  const owners = ownerReferences.map(({ name, uid }) => ({ uid, set: sets.get(`${namespace}/${name}`) }));
  return owners.find(({ uid, set }) => set?.metadata.uid === uid)?.set;
}
