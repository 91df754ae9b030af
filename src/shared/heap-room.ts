import { getHeapStatistics } from 'node:v8';
import { resourceLimits } from 'node:worker_threads';

/** Input that could fill the thread's heap. */
export class OutOfRoomError extends Error {}

/** Of a thread's heap, for what a task builds up from outside input; the rest is code, garbage and the answer. */
const SHARE = 0.7;

/**
 * How much of its thread's heap a task may still fill. Asked before memory is taken, with an upper bound: a worker
 * whose heap overflows in one large step takes the process with it, and its memory limit does not prevent that.
 */
export class HeapRoom {
  #bytesLeft: number;

  constructor(bytes: number = SHARE * heapLimitBytes()) {
    this.#bytesLeft = bytes;
  }

  /** For good. */
  take(bytes: number): void {
    this.mustFit(bytes);
    this.#bytesLeft -= bytes;
  }

  /** For a moment. */
  mustFit(bytes: number): void {
    if (bytes > this.#bytesLeft) throw new OutOfRoomError('does not fit into the memory of a worker');
  }
}

function heapLimitBytes(): number {
  const { maxOldGenerationSizeMb } = resourceLimits;
  return maxOldGenerationSizeMb === undefined
    ? getHeapStatistics().heap_size_limit
    : maxOldGenerationSizeMb * 1024 * 1024;
}
