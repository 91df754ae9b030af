import type { Settings } from './flags/table.ts';
import { defaultByteBudget } from './pool/byte-budget.ts';
import { memoryLimitBytes } from './pool/memory-limit.ts';

export interface MemorySizes {
  readonly workerBytes: number;
  readonly budgetBytes: number;
  readonly buildCacheBytes: number;
  readonly idleArtifactBytes: number;
}

const MIB = 2 ** 20;

/** What each part may take, from flags or, where they say 0, from what the container may use. */
export function sizeMemory(settings: Settings, limitBytes: number = memoryLimitBytes()): MemorySizes {
  const part = (share: number, most: number) => Math.min(Math.floor(limitBytes * share), most);
  return {
    workerBytes: settings.workerMemoryBytes || part(0.5, 512 * MIB),
    budgetBytes: settings.memoryBudgetBytes || defaultByteBudget(limitBytes),
    buildCacheBytes: settings.buildCacheBytes || part(0.25, 256 * MIB),
    idleArtifactBytes: part(0.1, 64 * MIB),
  };
}
