import { planLimits } from '../../shared/protocol/limits.ts';
import type { Clock } from '../../shared/time/clock.ts';
import { deadlineIn } from '../../shared/time/deadline.ts';
import type { Reservation } from '../pool/budget.ts';
import type { ByteBudget } from '../pool/byte-budget.ts';
import { type Blobs, type Listed, StoreError } from './blobs.ts';
import { type Entry, type Kept, packEntry, unpackEntry } from './entry.ts';
import { type EntryAt, type EntryOwner, folderOf, keyOf, stageOf } from './entry-key.ts';

/** Of each stage, the newest so many. */
const KEEP = 3;
/** For each thing that is asked of the store: it holds up a run that has succeeded, or a rollback. */
const PATIENCE_MS = 60_000;
/** A plan, and what is said of its objects. */
const ENTRY_BYTES_MAX = 2 * planLimits.bodyBytes;

export interface RollbackStoreOptions {
  readonly blobs: Blobs;
  readonly clock: Clock;
  readonly budget: ByteBudget;
  /** Before each key, empty or ending in a slash. */
  readonly prefix: string;
}

/** An entry with the bytes that are reserved for it. */
export interface TakenEntry extends Entry, Disposable {
  readonly share: Reservation;
}

export interface Wanted {
  readonly stages: ReadonlySet<string>;
  readonly now: readonly EntryAt[];
}

/** What each StageSet may be rolled back to. Whatever goes wrong is a StoreError, or the signal's reason. */
export class RollbackStore {
  readonly #options: RollbackStoreOptions;

  constructor(options: RollbackStoreOptions) {
    this.#options = options;
  }

  async has(at: EntryAt, signal: AbortSignal): Promise<boolean> {
    return (await this.#size(at, signal)) !== undefined;
  }

  async put(at: EntryAt, kept: Kept, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    const packed = await packEntry(kept, bytes);
    await this.#inTime(signal, (inTime) => this.#options.blobs.write(this.#keyOf(at), packed, inTime));
  }

  /** Undefined where there is none. What is there but is not what was put is as good as gone, and said. */
  async take(at: EntryAt, signal: AbortSignal): Promise<TakenEntry | undefined> {
    const size = await this.#size(at, signal);
    if (size === undefined) return undefined;
    const share = await this.#options.budget.reserve(size, signal);
    const release = () => share.release();
    try {
      return { ...(await this.#read(at, signal)), share, [Symbol.dispose]: release };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** The same for whoever has reserved for an archive already. */
  async archive(at: EntryAt, signal: AbortSignal): Promise<ArrayBuffer> {
    await this.#size(at, signal);
    return (await this.#read(at, signal)).bytes;
  }

  /** Whose the store is: this cluster's, if nobody has claimed it before. */
  async claim(cluster: string, signal: AbortSignal): Promise<string> {
    const { blobs, prefix } = this.#options;
    const key = `${prefix}.cluster`;
    const owner = await this.#inTime(signal, (inTime) => blobs.read(key, inTime));
    if (owner !== undefined) return Buffer.from(owner).toString();
    const mark = new Uint8Array(Buffer.from(cluster));
    await this.#inTime(signal, (inTime) => blobs.write(key, mark, inTime));
    return cluster;
  }

  /** Below this folder, each with its path from where the store begins. */
  async entries(folder: string, signal: AbortSignal): Promise<readonly (Listed & { readonly path: string })[]> {
    const { blobs, prefix } = this.#options;
    const all = await this.#inTime(signal, (inTime) => blobs.list(`${prefix}${folder}`, inTime));
    return all.map((each) => ({ ...each, path: each.key.slice(prefix.length) }));
  }

  async removeEntry(key: string, signal: AbortSignal): Promise<void> {
    await this.#inTime(signal, (inTime) => this.#options.blobs.remove(key, inTime));
  }

  /** Leaves of each of these stages what it has now and the newest entries besides, and of other stages none. */
  async trim(owner: EntryOwner, { stages, now }: Wanted, signal: AbortSignal): Promise<void> {
    const standing = new Set(now.map((at) => this.#keyOf(at)));
    const rank = ({ key, writtenMs }: Listed) => (standing.has(key) ? Number.POSITIVE_INFINITY : writtenMs);
    const all = await this.#list(owner, signal);
    for (const [stage, entries] of Map.groupBy(all, ({ key }) => stageOf(key) ?? '')) {
      const newestFirst = entries.toSorted((a, b) => rank(b) - rank(a)); // S3 tells times by the second
      for (const { key } of newestFirst.slice(stages.has(stage) ? KEEP : 0)) await this.removeEntry(key, signal);
    }
  }

  async forget(owner: EntryOwner, signal: AbortSignal): Promise<void> {
    for (const { key } of await this.#list(owner, signal)) await this.removeEntry(key, signal);
  }

  async #size(at: EntryAt, signal: AbortSignal): Promise<number | undefined> {
    const size = await this.#inTime(signal, (inTime) => this.#options.blobs.size(this.#keyOf(at), inTime));
    if ((size ?? 0) > ENTRY_BYTES_MAX) throw new StoreError('give back an entry', 'it is larger than any can be');
    return size;
  }

  async #read(at: EntryAt, signal: AbortSignal): Promise<Entry> {
    const packed = await this.#inTime(signal, (inTime) => this.#options.blobs.read(this.#keyOf(at), inTime));
    const entry = packed && (await unpackEntry(packed));
    if (entry?.kept.renderDigest === at.renderDigest) return entry;
    throw new StoreError('give back an entry', packed === undefined ? 'it has just gone' : 'it is corrupted');
  }

  #keyOf(at: EntryAt): string {
    const key = keyOf(at);
    if (key === undefined) throw new StoreError('find an entry', 'status names no digests');
    return `${this.#options.prefix}${key}`;
  }

  #list(owner: EntryOwner, signal: AbortSignal) {
    return this.#inTime(signal, (inTime) =>
      this.#options.blobs.list(`${this.#options.prefix}${folderOf(owner)}`, inTime),
    );
  }

  async #inTime<T>(unless: AbortSignal, work: (inTime: AbortSignal) => Promise<T>): Promise<T> {
    const timeUp = () => new StoreError('answer', `not within ${PATIENCE_MS / 1_000} s`);
    using deadline = deadlineIn(PATIENCE_MS, { clock: this.#options.clock, unless, timeUp });
    return await work(deadline.signal);
  }
}
