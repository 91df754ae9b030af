const EVERY_MS = 10;

/**
 * Wakes up again and again and notes how late. Into buckets, unlike Node's own monitor: two looks differ by what
 * happened between them, so a dashboard can tell the delay of the last minutes and a benchmark that of its run.
 */
export function observeLoopDelay(observe: (seconds: number) => void): void {
  let dueMs = performance.now() + EVERY_MS;
  const wakeUp = () => {
    const nowMs = performance.now();
    observe(Math.max(0, nowMs - dueMs) / 1_000);
    dueMs = nowMs + EVERY_MS;
  };
  setInterval(wakeUp, EVERY_MS).unref();
}
