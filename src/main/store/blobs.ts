/** Where the rollback store keeps its entries: a folder or a bucket. Keys are paths of plain names. */
export interface Blobs {
  /** Whole or not at all. */
  write(key: string, bytes: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<void>;
  /** Undefined where there is none. */
  size(key: string, signal: AbortSignal): Promise<number | undefined>;
  read(key: string, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** All whose key begins with this folder, which ends in a slash. */
  list(folder: string, signal: AbortSignal): Promise<readonly Listed[]>;
  /** Whether or not it is there. */
  remove(key: string, signal: AbortSignal): Promise<void>;
}

export interface Listed {
  readonly key: string;
  readonly writtenMs: number;
}

/** Says what could not be done and by which error, never where: tenants read it. */
export class StoreError extends Error {
  constructor(doing: string, why: string, cause?: unknown) {
    super(`the rollback store cannot ${doing}: ${why}`, cause === undefined ? {} : { cause });
    this.name = 'StoreError';
  }
}
