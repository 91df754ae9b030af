/** 1 s after the first failure, doubling up to the limit. */
export function backoffMs(failures: number, limitMs: number): number {
  return Math.min(1_000 * 2 ** (failures - 1), limitMs);
}
