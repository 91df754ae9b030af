import { type Budget, createBudget } from './budget.ts';
import { memoryLimitBytes } from './memory-limit.ts';

/**
 * Bytes in flight: what a run downloads, unpacks and renders. It reserves once, for all it will hold, and waits for
 * its share rather than the process being killed. What caches keep beyond that has bounds of its own.
 */
export type ByteBudget = Budget;

/** Half of the memory is the heaps', caches' and sockets'. */
const SHARE_OF_MEMORY = 0.5;

export function createByteBudget(bytes: number = defaultByteBudget()): ByteBudget {
  return createBudget(bytes);
}

export function defaultByteBudget(memoryBytes: number = memoryLimitBytes()): number {
  return Math.floor(memoryBytes * SHARE_OF_MEMORY);
}
