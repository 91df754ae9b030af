import { createHash, timingSafeEqual } from 'node:crypto';
import { fullText } from '../../shared/go-yaml/number-text.ts';
import { decryptValue } from './cipher.ts';
import type { Metadata } from './metadata.ts';
import { type Scope, scopeOf } from './scope.ts';
import { SopsError } from './sops-error.ts';
import {
  Comment,
  isList,
  type Leaf,
  Timestamp,
  type TreeItem,
  type TreeList,
  TreeMap,
  type TreeValue,
} from './tree.ts';

/** So that the MAC of encrypted values alone is never that of all values. */
const ONLY_ENCRYPTED_START = Buffer.from('8a3fd2ad54ce66527b1034f3d147be0b0b975b3bf44f72c6fdadec8176f27d69', 'hex');

/** The documents in clear. Promises: what comes back is, value by value and in this order, what was encrypted. */
export function decryptTree(
  documents: readonly TreeMap[],
  metadata: Metadata,
  dataKey: Uint8Array,
): readonly TreeMap[] {
  const walk = new Decryption(metadata, dataKey);
  const clear = documents.map((document) => walk.map(document, [], false));
  const mac = decryptValue(metadata.mac, dataKey, metadata.lastModified);
  if (typeof mac !== 'string' || !isSame(mac, walk.mac())) throw new SopsError('its MAC does not fit its values');
  return clear;
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

type Path = readonly string[];

/** A value is bound to its path, so all of it is hashed for every value below. */
const MAX_PATH_LENGTH = 16 * 1024;

class Decryption {
  readonly #scope: Scope;
  readonly #macOnlyEncrypted: boolean;
  readonly #dataKey: Uint8Array;
  readonly #hash = createHash('sha512');

  constructor({ rule, macOnlyEncrypted }: Metadata, dataKey: Uint8Array) {
    this.#scope = scopeOf(rule);
    this.#macOnlyEncrypted = macOnlyEncrypted;
    this.#dataKey = dataKey;
    if (macOnlyEncrypted) this.#hash.update(ONLY_ENCRYPTED_START);
  }

  mac(): string {
    return this.#hash.digest('hex').toUpperCase();
  }

  /** `isNoted`: whether a comment that the rule looks for stands above, in a map or list around this one too. */
  map({ items }: TreeMap, path: Path, isNoted: boolean): TreeMap {
    let noted = isNoted;
    const clear = items.map(({ key, value }): TreeItem => {
      if (key instanceof Comment) {
        const item = { key: this.#comment(key, path, noted), value };
        noted ||= this.#scope.isNote(key.text);
        return item;
      }
      const item = { key, value: this.#value(value, this.#below(path, key), noted) };
      noted = isNoted;
      return item;
    });
    return new TreeMap(clear);
  }

  #list(items: TreeList, path: Path, isNoted: boolean): TreeList {
    let noted = isNoted;
    return items.map((item) => {
      const clear = this.#value(item, path, noted);
      noted = item instanceof Comment ? noted || this.#scope.isNote(item.text) : isNoted;
      return clear;
    });
  }

  #below(path: Path, key: string): Path {
    const below = [...path, key];
    if (below.reduce((length, each) => length + each.length, 0) > MAX_PATH_LENGTH) {
      throw new SopsError('a value of it lies below keys that are too long');
    }
    return below;
  }

  /** SOPS forgets of a decrypted comment that it stood behind a value. */
  #comment(comment: Comment, path: Path, isNoted: boolean): Comment {
    const clear = this.#leaf(comment, path, isNoted);
    return clear instanceof Comment ? clear : new Comment(String(clear), comment.isInline);
  }

  #value(value: TreeValue, path: Path, isNoted: boolean): TreeValue {
    if (value === null) return null;
    if (value instanceof TreeMap) return this.map(value, path, isNoted);
    if (isList(value)) return this.#list(value, path, isNoted);
    return this.#leaf(value, path, isNoted);
  }

  #leaf(value: Leaf, path: Path, isNoted: boolean): Leaf {
    const comment = value instanceof Comment ? value.text : undefined;
    const isEncrypted = this.#scope.encrypts({ path, isNoted, comment });
    const clear = isEncrypted ? this.#decrypted(value, path) : value;
    if ((isEncrypted || !this.#macOnlyEncrypted) && !(clear instanceof Comment)) this.#hash.update(macBytes(clear));
    return clear;
  }

  #decrypted(value: Leaf, path: Path): Leaf {
    const boundTo = `${path.join(':')}:`;
    if (value instanceof Comment) return this.#decryptedComment(value, boundTo);
    if (typeof value !== 'string') throw new SopsError('a value that has to be encrypted is not');
    return decryptValue(value, this.#dataKey, boundTo);
  }

  /** Old releases left comments alone. */
  #decryptedComment(comment: Comment, boundTo: string): Leaf {
    try {
      return decryptValue(comment.text, this.#dataKey, boundTo);
    } catch {
      return comment;
    }
  }
}

function macBytes(value: Exclude<Leaf, Comment>): string | Uint8Array {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return fullText(value);
  if (value instanceof Timestamp) return value.text;
  return typeof value === 'bigint' ? String(value) : value;
}
