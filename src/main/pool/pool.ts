import { Piscina } from 'piscina';
import { TaskError } from '../../shared/protocol/task-error.ts';
import { refuseLargeInput } from '../../shared/protocol/task-sizes.ts';
import type {
  CancelFlag,
  TaskAnswer,
  TaskFailure,
  TaskFailureCode,
  TaskName,
  TaskRequest,
  Tasks,
} from '../../shared/protocol/tasks.ts';
import { transfers } from '../../shared/protocol/transfers.ts';
import { type Clock, systemClock } from '../../shared/time/clock.ts';
import { cpuAllowance, cpuQuota } from './cpu-quota.ts';
import { CpuShare } from './cpu-share.ts';
import type { Decision } from './keep-tuned.ts';
import { limitBounds } from './limit-bounds.ts';
import { TaskSlots } from './task-slots.ts';

/** Runs a task on a worker thread. Rejects with a TaskError, or at once with the signal's reason. */
export type RunTask = <N extends TaskName>(
  name: N,
  input: Tasks[N]['input'],
  signal: AbortSignal,
) => Promise<Tasks[N]['output']>;

export interface Pool {
  readonly run: RunTask;
  stats(): PoolStats;
  /** Ends every thread, whatever it is doing. */
  close(): Promise<void>;
}

export interface PoolOptions {
  /** `auto`: a tuner moves the limit of tasks in flight, and idle threads end. */
  readonly workers: number | 'auto';
  /** Bounds `auto`; itself `auto`, it follows the CPU quota. */
  readonly workersMax?: number | 'auto';
  /** Of each worker's heap; buffers are bounded by the limits of what they hold. */
  readonly workerMemoryMiB: number;
  readonly observe?: (ran: TaskObservation) => void;
  readonly observeTuning?: (decision: Decision) => void;
  readonly clock?: Clock;
  /** How many CPUs' time the process may use. */
  readonly cpuAllowance?: number;
  readonly idleTimeoutMs?: number;
  readonly workerFile?: URL;
}

export interface PoolStats {
  readonly threads: number;
  /** Since the beginning: those that replace idle ones and dead ones included. */
  readonly started: number;
  readonly running: number;
  readonly queued: number;
  /** Tasks in flight at most, now and ever. */
  readonly limit: number;
  readonly limitMin: number;
  readonly limitMax: number;
}

export interface TaskObservation {
  readonly task: TaskName;
  readonly outcome: 'ok' | TaskFailureCode;
  readonly queuedMs: number;
  readonly ranMs: number;
}

const POOL_CLOSED = 'the worker pool is closed';
const IDLE_TIMEOUT_MS = 30_000;
/** Left to itself a worker takes 192 MiB more, and is no faster for it. */
const YOUNG_GENERATION_MIB = 24;

/** Beside this file's extension: `.ts` from source, `.js` from a release. */
const WORKER_FILE = new URL(`../../workers/worker${import.meta.url.slice(-3)}`, import.meta.url);

export function createPool(options: PoolOptions): Pool {
  const { observe = () => {}, observeTuning = () => {}, clock = systemClock, workerFile = WORKER_FILE } = options;
  const allowance = options.cpuAllowance ?? cpuAllowance();
  const bounds = limitBounds(options.workers, options.workersMax ?? 'auto', cpuQuota(allowance));
  const piscina = new Piscina({
    filename: workerFile.href,
    name: 'runTask',
    minThreads: bounds.min,
    maxThreads: bounds.max,
    idleTimeout: options.idleTimeoutMs ?? IDLE_TIMEOUT_MS,
    resourceLimits: { maxOldGenerationSizeMb: options.workerMemoryMiB, maxYoungGenerationSizeMb: YOUNG_GENERATION_MIB },
  });
  // A thread that dies between two tasks is replaced; unheard, its error would end the process.
  piscina.on('error', () => {});
  let started = 0;
  piscina.on('workerCreate', () => {
    started += 1;
  });
  // Tasks wait here, not in Piscina: there an aborted one takes its thread with it, and the limit is fixed.
  const slots = new TaskSlots({ bounds, cpu: new CpuShare({ clock, allowance }), clock, onDecision: observeTuning });
  let closed = false;

  const run: RunTask = async (name, input, signal) => {
    refuseLargeInput(name, input);
    const queuedAtMs = clock.elapsedMs();
    const slot = await slots.take(signal);
    if (closed) {
      slot.release(); // the next one is waiting to hear the same
      throw new TaskError('cancelled', POOL_CLOSED);
    }
    const startedAtMs = clock.elapsedMs();
    const flag: CancelFlag = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    const answered = ask({ name, input, flag }).then((answer) => {
      slot.release();
      observe({
        task: name,
        outcome: answer.ok ? 'ok' : answer.failure.code,
        queuedMs: startedAtMs - queuedAtMs,
        ranMs: clock.elapsedMs() - startedAtMs,
      });
      if (answer.ok) return answer.output;
      throw new TaskError(answer.failure.code, answer.failure.message, { task: name });
    });
    return unlessAborted(answered, signal, () => Atomics.store(flag, 0, 1));
  };

  async function ask<N extends TaskName>(request: TaskRequest<N>): Promise<TaskAnswer<N>> {
    try {
      return await piscina.run(request, { transferList: [...transfers[request.name].input(request.input)] });
    } catch (error) {
      return { ok: false, failure: failureOfThread(request.name, error) };
    }
  }

  function failureOfThread(name: TaskName, error: unknown): TaskFailure {
    if (closed) return { code: 'cancelled', message: POOL_CLOSED };
    return { code: 'workerDied', message: `the worker of this ${name} died: ${whyOf(error)}` };
  }

  return {
    run,
    stats: () => ({
      threads: piscina.threads.length,
      started,
      running: slots.running,
      queued: slots.queued,
      limit: slots.limit,
      limitMin: bounds.min,
      limitMax: bounds.max,
    }),
    async close() {
      closed = true;
      await Promise.all([piscina.destroy(), slots.close()]);
    },
  };
}

/** The caller goes on at once; the task ends when it next looks at its flag, and its late answer goes nowhere. */
function unlessAborted<T>(answered: Promise<T>, signal: AbortSignal, cancel: () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      cancel();
      reject(signal.reason);
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    answered.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return 'it threw what is no error';
  if ('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return 'it ran out of memory; --worker-memory gives it more';
  }
  // Another error's message may quote what it worked on.
  return /^worker exited with code: \d+$/.test(error.message) ? error.message : `an uncaught ${error.name}`;
}
