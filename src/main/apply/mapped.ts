/**
 * Runs `work` over all items, at most `width` at once, and gives the results in the items' order.
 * Promises: after the first failure no more begin, and it rejects only when those under way have ended: nothing of
 * it goes on behind the caller's back.
 */
export async function mapped<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = new Array(items.length);
  const failures: unknown[] = [];
  const pending = items.entries();
  const lane = async () => {
    for (const [index, item] of pending) {
      try {
        results[index] = await work(item);
      } catch (error) {
        failures.push(error);
      }
      if (failures.length > 0) return;
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
  if (failures.length > 0) throw failures[0];
  return results;
}
