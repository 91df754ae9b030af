import { setImmediate as nextTurnOfTheLoop } from 'node:timers/promises';

/**
 * Long work on the main thread goes in slices of a few ms. All of it in this process shares them: if each of ten
 * busy watches took a slice in the same turn of the event loop, everything else would wait for ten.
 */
const SLICE_MS = 5;

let sliceBeganMs = 0;
let lastInLine: Promise<void> = Promise.resolve();

export function sliceIsOver(): boolean {
  return performance.now() - sliceBeganMs > SLICE_MS;
}

/** Resolves when it is the caller's turn for another slice: one a turn of the loop, first come, first served. */
export function nextSlice(): Promise<void> {
  lastInLine = lastInLine.then(async () => {
    await nextTurnOfTheLoop();
    sliceBeganMs = performance.now();
  });
  return lastInLine;
}
