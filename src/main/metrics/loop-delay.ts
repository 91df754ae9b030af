/** Twice as often, waking up is most of what an idle controller does; much less often, short delays are hardly seen. */
const LOOK_EVERY_MS = 20;

/**
 * Wakes up again and again and notes how late. Into buckets, unlike Node's own monitor: two looks differ by what
 * happened between them, so a dashboard can tell the delay of the last minutes and a benchmark that of its run.
 */
export function observeLoopDelay(observe: (seconds: number) => void): void {
  let dueMs = performance.now() + LOOK_EVERY_MS;
  const wakeUp = () => {
    const nowMs = performance.now();
    observe(Math.max(0, nowMs - dueMs) / 1_000);
    dueMs = nowMs + LOOK_EVERY_MS;
  };
  setInterval(wakeUp, LOOK_EVERY_MS).unref();
}
