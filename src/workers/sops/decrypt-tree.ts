import { createHash, timingSafeEqual } from 'node:crypto';
import { fullText } from '../../shared/go-yaml/number-text.ts';
import { decryptValue } from './cipher.ts';
import type { Metadata } from './metadata.ts';
import { scopeOf } from './scope.ts';
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
  const clear = documents.map((document) => walk.map(document, [], []));
  const mac = decryptValue(metadata.mac, dataKey, metadata.lastModified);
  if (typeof mac !== 'string' || !isSame(mac, walk.mac())) throw new SopsError('its MAC does not fit its values');
  return clear;
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

type Path = readonly string[];
type Comments = readonly (readonly string[])[];

class Decryption {
  readonly #isEncrypted;
  readonly #macOnlyEncrypted: boolean;
  readonly #dataKey: Uint8Array;
  readonly #hash = createHash('sha512');

  constructor({ rule, macOnlyEncrypted }: Metadata, dataKey: Uint8Array) {
    this.#isEncrypted = scopeOf(rule);
    this.#macOnlyEncrypted = macOnlyEncrypted;
    this.#dataKey = dataKey;
    if (macOnlyEncrypted) this.#hash.update(ONLY_ENCRYPTED_START);
  }

  mac(): string {
    return this.#hash.digest('hex').toUpperCase();
  }

  map({ items }: TreeMap, path: Path, above: Comments): TreeMap {
    let since: readonly string[] = [];
    const clear: TreeItem[] = items.map(({ key, value }) => {
      if (key instanceof Comment) {
        since = [...since, key.text];
        return { key: this.#comment(key, path, [...above, since]), value };
      }
      const item = { key, value: this.#value(value, [...path, key], [...above, since]) };
      since = [];
      return item;
    });
    return new TreeMap(clear);
  }

  #list(items: TreeList, path: Path, above: Comments): TreeList {
    let since: readonly string[] = [];
    return items.map((item) => {
      if (item instanceof Comment) since = [...since, item.text];
      const clear = this.#value(item, path, [...above, since]);
      if (!(item instanceof Comment)) since = [];
      return clear;
    });
  }

  /** SOPS forgets of a decrypted comment that it stood behind a value. */
  #comment(comment: Comment, path: Path, comments: Comments): Comment {
    const clear = this.#leaf(comment, path, comments);
    return clear instanceof Comment ? clear : new Comment(String(clear), comment.isInline);
  }

  #value(value: TreeValue, path: Path, comments: Comments): TreeValue {
    if (value === null) return null;
    if (value instanceof TreeMap) return this.map(value, path, comments);
    if (isList(value)) return this.#list(value, path, comments);
    return this.#leaf(value, path, comments);
  }

  #leaf(value: Leaf, path: Path, comments: Comments): Leaf {
    const isEncrypted = this.#isEncrypted({ path, comments, isComment: value instanceof Comment });
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
