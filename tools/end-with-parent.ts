const everyMs = 250;

/** For what must not outlive the process that started it, even where that one had no time to say goodbye (kill -9). */
export function endWithParent(end: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    end();
  }, everyMs);
  timer.unref();
}
