import { API_VERSION } from '../../shared/api/group.ts';
import type { InventoryMode, StageInventory } from '../../shared/api/types.ts';
import { keys, labelValue } from '../../shared/labels.ts';
import { type ObjectId, parseObjectId } from '../../shared/objects/object-id.ts';
import { isNotFound } from '../kube/errors.ts';
import { stageInventoryResource } from '../kube/own-kinds.ts';
import { deleteObject, serverSideApply } from '../kube/requests.ts';
import type { ClusterClient, Lease } from '../kube/types.ts';
import { FIELD_MANAGER } from '../live/ownership-print.ts';
import { applySetId, inventoryName, shardLabel } from './names.ts';
import { type RecordedInventory, type RecordedStage, readInventory } from './recorded.ts';
import { type Entry, planShards, type Shard } from './shards.ts';

/** Where inventories are read from. What we write is in it at once; what we delete goes when the watch tells. */
export interface InventoryStore {
  ownedBy(uid: string): readonly StageInventory[];
  put(inventory: StageInventory): void;
}

export interface InventoryOptions {
  readonly client: ClusterClient;
  readonly store: InventoryStore;
  readonly lease: Lease;
  readonly mode: InventoryMode;
  readonly shardCap: number;
  readonly toolVersion: string;
}

export interface InventoryOwner {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** An object of etcd may hold 1.5 MiB; managedFields and the envelope take some of it. */
const SHARD_BYTES = 900 * 2 ** 10;

/** The inventory of one StageSet: what each of its stages has put on the cluster. */
export class Inventory {
  readonly #owner: InventoryOwner;
  readonly #options: InventoryOptions;

  constructor(owner: InventoryOwner, options: InventoryOptions) {
    this.#owner = owner;
    this.#options = options;
  }

  read(): RecordedInventory {
    return readInventory(this.#options.store.ownedBy(this.#owner.uid), this.#owner.uid);
  }

  /** What members of this stage's ApplySet are labelled with; undefined in mode `entries`. */
  applySetIdOf(stage: string): string | undefined {
    if (this.#options.mode === 'entries') return undefined;
    return applySetId(this.#nameOf(stage, 0), this.#owner.namespace);
  }

  /** Makes the stage's inventory hold exactly these entries. Writes what differs and nothing else. */
  async write(stage: string, position: number, entries: ReadonlyMap<ObjectId, Entry>): Promise<void> {
    const recorded = this.read().get(stage);
    const shards = recorded?.shards ?? [];
    const limits = { entries: this.#options.shardCap, bytes: SHARD_BYTES };
    const { write, remove } = planShards(shards, entries, limits);
    const touched = new Set([...remove, ...write.map((shard) => shard.index)]);
    // A stage that moved within the spec says so in every shard: teardown goes by it.
    const moved = recorded?.position === position ? [] : shards.filter((shard) => !touched.has(shard.index));
    for (const shard of [...write, ...moved]) await this.#applyShard(stage, position, shard, recorded, entries);
    for (const shard of shards) {
      if (remove.includes(shard.index)) await this.#delete(shard);
    }
  }

  /** The stage has nothing on the cluster any more. */
  async remove(stage: RecordedStage): Promise<void> {
    for (const shard of stage.shards) await this.#delete(shard);
  }

  async #applyShard(
    stage: string,
    position: number,
    shard: Shard,
    recorded: RecordedStage | undefined,
    all: ReadonlyMap<ObjectId, Entry>,
  ): Promise<void> {
    const name = recorded?.shards.find((each) => each.index === shard.index)?.name ?? this.#nameOf(stage, shard.index);
    const { namespace } = this.#owner;
    const { body } = await serverSideApply<StageInventory>(this.#options.client, {
      resource: stageInventoryResource,
      namespace,
      name,
      fieldManager: FIELD_MANAGER,
      force: true,
      lease: this.#options.lease,
      body: JSON.stringify({
        apiVersion: API_VERSION,
        kind: 'StageInventory',
        metadata: {
          name,
          namespace,
          ownerReferences: [this.#ownerReference()],
          labels: {
            [keys.inventoryStageSet]: labelValue(this.#owner.name),
            [keys.stage]: stage,
            [keys.inventoryShard]: shardLabel(shard.index),
            ...(shard.index === 0 ? this.#applySetLabels(stage) : {}),
          },
          ...(shard.index === 0 ? { annotations: this.#applySetAnnotations(all) } : {}),
        },
        spec: { stagePosition: position, entriesCount: shard.entries.length, entries: shard.entries },
      }),
    });
    this.#options.store.put(body);
  }

  async #delete(shard: { readonly name: string; readonly uid: string }): Promise<void> {
    const { namespace } = this.#owner;
    try {
      await deleteObject(this.#options.client, {
        resource: stageInventoryResource,
        namespace,
        name: shard.name,
        uid: shard.uid,
        propagation: 'Background',
        lease: this.#options.lease,
      });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  #nameOf(stage: string, shard: number): string {
    return inventoryName(this.#owner.name, stage, shard);
  }

  #ownerReference() {
    const { name, uid } = this.#owner;
    return { apiVersion: API_VERSION, kind: 'StageSet', name, uid, controller: true, blockOwnerDeletion: true };
  }

  #applySetLabels(stage: string): Readonly<Record<string, string>> {
    const id = this.applySetIdOf(stage);
    return id === undefined ? {} : { [keys.applySetId]: id };
  }

  /** KEP-3659: what a tool must know to find the members of the set. */
  #applySetAnnotations(entries: ReadonlyMap<ObjectId, Entry>): Readonly<Record<string, string>> {
    if (this.#options.mode === 'entries') return {};
    const members = [...entries.keys()].flatMap((id) => parseObjectId(id) ?? []);
    const groupKinds = new Set(members.map(({ group, kind }) => (group === '' ? kind : `${kind}.${group}`)));
    const namespaces = new Set(members.map(({ namespace }) => namespace));
    namespaces.delete('');
    namespaces.delete(this.#owner.namespace);
    return {
      'applyset.kubernetes.io/tooling': `stageset-controller/v${this.#options.toolVersion}`,
      'applyset.kubernetes.io/contains-group-kinds': [...groupKinds].toSorted().join(','),
      'applyset.kubernetes.io/additional-namespaces': [...namespaces].toSorted().join(','),
    };
  }
}
