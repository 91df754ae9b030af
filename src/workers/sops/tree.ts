/**
 * A document as SOPS walks it: order, comments and types matter for what is decrypted and for the MAC.
 * A whole number is a bigint, one with a fraction a number, as Go tells them apart.
 */
export type TreeValue =
  | null
  | boolean
  | bigint
  | number
  | string
  | Uint8Array
  | Timestamp
  | Comment
  | TreeList
  | TreeMap;

export type TreeList = readonly TreeValue[];

export class TreeMap {
  readonly items: readonly TreeItem[];

  constructor(items: readonly TreeItem[]) {
    this.items = items;
  }

  get(key: string): TreeValue | undefined {
    return this.items.find((item) => item.key === key)?.value;
  }
}

export interface TreeItem {
  readonly key: string | Comment;
  readonly value: TreeValue;
}

/** One line of it, without its sign. */
export class Comment {
  readonly text: string;
  readonly isInline: boolean;

  constructor(text: string, isInline = false) {
    this.text = text;
    this.isInline = isInline;
  }
}

/** RFC 3339. */
export class Timestamp {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Leaf = Exclude<TreeValue, null | TreeList | TreeMap>;

export function isList(value: TreeValue): value is TreeList {
  return Array.isArray(value);
}
