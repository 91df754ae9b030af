import { API_VERSION } from '../../shared/api/group.ts';
import type { InventoryMode, InventoryTarget, StageInventory } from '../../shared/api/types.ts';
import { keys } from '../../shared/labels.ts';
import type { ObjectId } from '../../shared/objects/object-id.ts';
import { isConflict, isNotFound, KubeError } from '../kube/errors.ts';
import { stageInventoryResource } from '../kube/own-kinds.ts';
import { deleteObject, patchObject, serverSideApply } from '../kube/requests.ts';
import type { ClusterClient, Lease } from '../kube/types.ts';
import { FIELD_MANAGER } from '../live/ownership-print.ts';
import { noParent, type ParentMarks, parentMarks } from './apply-set.ts';
import { type Envelope, envelope, isIn, type StageAt, staleMarks } from './envelope.ts';
import { applySetId, inventoryName } from './names.ts';
import { isAt } from './plan-prune.ts';
import { joinEntries, type RecordedShard, type RecordedStage, readInventory } from './recorded.ts';
import { type Entry, freeIndex, planShards, type Shard } from './shards.ts';

/** Where inventories are read from. What we write and delete is so in it at once. */
export interface InventoryStore {
  ownedBy(uid: string): readonly StageInventory[];
  put(inventory: StageInventory): void;
  remove(inventory: StageInventory): void;
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

/** An object of etcd may hold 1.5 MiB; the envelope takes some of it. */
const SHARD_BYTES = 900 * 2 ** 10;

/** The inventory of one StageSet: what each of its stages has put up, and where. */
export class Inventory {
  readonly #owner: InventoryOwner;
  readonly #options: InventoryOptions;

  constructor(owner: InventoryOwner, options: InventoryOptions) {
    this.#owner = owner;
    this.#options = options;
  }

  /** For a run that applies to this target. */
  read(here: InventoryTarget): readonly RecordedStage[] {
    return readInventory(this.#shards(), this.#owner.uid, here);
  }

  recordedAt({ stage, target }: Omit<StageAt, 'position'>): RecordedStage | undefined {
    return this.read(target).find((each) => each.stage === stage && isAt(each, target));
  }

  /** Of all stages and targets. */
  entries(): ReadonlyMap<ObjectId, Entry> {
    return joinEntries(this.#shards().map(({ spec }) => spec));
  }

  idsOf(stage: string): ReadonlySet<ObjectId> {
    return new Set(this.#shardsOf(stage).flatMap(({ spec }) => spec.entries.map(({ id }) => id)));
  }

  shardCountOf(stage: string): number {
    return this.#shardsOf(stage).length;
  }

  /** What members of this stage's ApplySet are labelled with; undefined in mode `entries`. */
  applySetIdOf({ stage, target }: Omit<StageAt, 'position'>): string | undefined {
    if (this.#options.mode === 'entries') return undefined;
    const [first] = this.recordedAt({ stage, target })?.shards ?? [];
    const parent = first?.inventory.metadata.name ?? this.#nameOf(stage, freeIndex(this.#taken({ stage, target })));
    return applySetId(parent, this.#owner.namespace);
  }

  /** Makes the stage's inventory at this target hold exactly these entries. Writes what differs and nothing else. */
  async write(at: StageAt, entries: ReadonlyMap<ObjectId, Entry>): Promise<void> {
    const shards = this.recordedAt(at)?.shards ?? [];
    const limits = { entries: this.#options.shardCap, bytes: SHARD_BYTES };
    const { write, remove } = planShards(shards, entries, limits, this.#taken(at));
    const parent = Math.min(...[...shards, ...write].map(({ index }) => index));
    const marks = this.#parentMarks(at, entries.keys());
    const envelopeOf = ({ index }: Shard) => envelope(this.#owner.name, at, index, index === parent ? marks : noParent);
    const touched = new Set([...remove, ...write.map(({ index }) => index)]);
    const outdated = shards.filter((shard) => !touched.has(shard.index) && !isIn(envelopeOf(shard), shard.inventory));
    for (const shard of [...write, ...outdated]) {
      const recorded = shards.find(({ index }) => index === shard.index);
      await this.#apply(shard, recorded, envelopeOf(shard));
    }
    for (const shard of shards) if (remove.includes(shard.index)) await this.#delete(shard.inventory);
  }

  /** The stage has nothing at this target any more. */
  async remove(stage: RecordedStage): Promise<void> {
    for (const { inventory } of stage.shards) await this.#delete(inventory);
  }

  /** Whatever it holds is left behind. */
  async removeAll(): Promise<void> {
    for (const inventory of this.#shards()) await this.#delete(inventory);
  }

  async #apply(shard: Shard, recorded: RecordedShard | undefined, wanted: Envelope): Promise<void> {
    const name = recorded?.inventory.metadata.name ?? this.#nameOf(wanted.stage, shard.index);
    const request = { resource: stageInventoryResource, namespace: this.#owner.namespace, name };
    const manner = { fieldManager: FIELD_MANAGER, lease: this.#options.lease };
    const { labels, annotations, position, target } = wanted;
    const body = {
      apiVersion: API_VERSION,
      kind: 'StageInventory',
      metadata: {
        name,
        namespace: request.namespace,
        ownerReferences: [this.#ownerReference()],
        labels,
        annotations,
      },
      spec: { stagePosition: position, target, entriesCount: shard.entries.length, entries: shard.entries },
    };
    try {
      let written = await serverSideApply<StageInventory>(this.#options.client, {
        ...request,
        ...manner,
        force: true,
        body: JSON.stringify(body),
      });
      // What another tool's name once stood for is not given up with ours.
      const stale = staleMarks(written.body, wanted);
      if (stale !== undefined)
        written = await patchObject(this.#options.client, { ...request, ...manner, patch: stale });
      this.#options.store.put(written.body);
    } catch (error) {
      const taken = recorded === undefined && error instanceof KubeError && error.status === 422;
      throw taken ? new NameTaken(name, error) : error;
    }
  }

  async #delete(inventory: StageInventory): Promise<void> {
    const { name, uid } = inventory.metadata;
    try {
      await deleteObject(this.#options.client, {
        resource: stageInventoryResource,
        namespace: this.#owner.namespace,
        name,
        uid,
        propagation: 'Background',
        lease: this.#options.lease,
      });
    } catch (error) {
      if (!isNotFound(error) && !isConflict(error)) throw error; // gone, or gone and made anew
    }
    this.#options.store.remove(inventory);
  }

  #shards(): readonly StageInventory[] {
    return this.#options.store.ownedBy(this.#owner.uid);
  }

  #shardsOf(stage: string): readonly StageInventory[] {
    return this.#shards().filter(({ metadata }) => metadata.labels?.[keys.stage] === stage);
  }

  /** The indexes of the stage's shards at other targets. */
  #taken({ stage, target }: Omit<StageAt, 'position'>): ReadonlySet<number> {
    const others = this.read(target).filter((each) => each.stage === stage && !isAt(each, target));
    return new Set(others.flatMap(({ shards }) => shards.map(({ index }) => index)));
  }

  #nameOf(stage: string, shard: number): string {
    return inventoryName(this.#owner.name, stage, shard);
  }

  #parentMarks(at: StageAt, members: Iterable<ObjectId>): ParentMarks {
    const id = this.applySetIdOf(at);
    if (id === undefined) return noParent;
    return parentMarks({ id, members, namespace: this.#owner.namespace, toolVersion: this.#options.toolVersion });
  }

  #ownerReference() {
    const { name, uid } = this.#owner;
    return { apiVersion: API_VERSION, kind: 'StageSet', name, uid, controller: true, blockOwnerDeletion: true };
  }
}

/** Its name is another's: of a StageSet that was deleted and made anew, whose garbage is still to be collected. */
class NameTaken extends Error {
  readonly retrySoon = true;

  constructor(name: string, cause: KubeError) {
    super(`cannot write StageInventory ${name}: ${cause.message}`, { cause });
    this.name = 'NameTaken';
  }
}
