import type { Plain } from '../plain.ts';
import type { TreeMap } from '../tree.ts';

/** One of the formats that SOPS reads and writes. */
export interface Store {
  /** Throws a SopsError when the text is not of this format, or has no metadata. */
  read(text: string): EncryptedDocuments;
  print(documents: readonly TreeMap[]): string;
}

export interface EncryptedDocuments {
  /** Without the metadata. */
  readonly documents: readonly TreeMap[];
  readonly sops: Plain;
}
