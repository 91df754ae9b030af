import { cpus } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

const LOOK_MS = 500;
const IDLE = 0.15;
const PATIENCE_MS = 60_000;

/**
 * Waits until the machine has little to do, so that neither the control plane's start nor a neighbour is measured;
 * after a minute it goes on. Resolves with the share of the CPUs that was busy last.
 */
export async function untilIdle(): Promise<number> {
  const givesUpAtMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const before = cpuTimes();
    await delay(LOOK_MS);
    const after = cpuTimes();
    const busy = (after.busy - before.busy) / (after.all - before.all);
    if (busy <= IDLE || performance.now() >= givesUpAtMs) return busy;
  }
}

function cpuTimes(): { readonly busy: number; readonly all: number } {
  const times = cpus().map((cpu) => cpu.times);
  const all = times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0);
  return { busy: all - times.reduce((sum, { idle }) => sum + idle, 0), all };
}
