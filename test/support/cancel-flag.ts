import type { CancelFlag } from '../../src/shared/protocol/tasks.ts';

export function neverCancelled(): CancelFlag {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
}

export function alreadyCancelled(): CancelFlag {
  return neverCancelled().fill(1);
}
