import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { buildInput } from '../../../test/support/build-input.ts';
import { taskLimits } from '../../shared/protocol/limits.ts';
import { TaskError } from '../../shared/protocol/task-error.ts';
import { ManualClock } from '../../shared/time/manual-clock.ts';
import { type Decision, SAMPLE_MS } from './keep-tuned.ts';
import { createPool, type Pool, type PoolOptions, type TaskObservation } from './pool.ts';

const never = new AbortController().signal;
const roughWorker = new URL('./testdata/rough-worker.ts', import.meta.url);

function poolFor(t: TestContext, options: Partial<PoolOptions> = {}): { pool: Pool; seen: TaskObservation[] } {
  const seen: TaskObservation[] = [];
  const pool = createPool({ workers: 1, workerMemoryMiB: 64, observe: (ran) => seen.push(ran), ...options });
  t.after(() => pool.close());
  return { pool, seen };
}

/** What the rough worker is told to do. */
function rough(deed: string) {
  return { archive: new ArrayBuffer(1), digest: deed };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(setImmediate);
}

test('a task crosses over and back: the input is moved, the failure keeps its code', async (t) => {
  const { pool, seen } = poolFor(t);
  const text = 'this is no archive';
  const archive = new Uint8Array(Buffer.from(text)).buffer;
  await assert.rejects(pool.run('unpack', { archive, digest: `sha256:${hash('sha256', text)}` }, never), (error) => {
    assert.ok(error instanceof TaskError);
    assert.equal(error.code, 'badArchive');
    assert.match(error.message, /^artifact is/);
    return true;
  });
  assert.equal(archive.byteLength, 0);
  assert.deepEqual(
    seen.map(({ task, outcome }) => ({ task, outcome })),
    [{ task: 'unpack', outcome: 'badArchive' }],
  );
  assert.ok(seen[0]!.queuedMs >= 0 && seen[0]!.ranMs >= 0);
});

test('a worker that exits fails its own task alone', async (t) => {
  const { pool } = poolFor(t, { workers: 2, workerFile: roughWorker });
  const bystander = new AbortController();
  const waiting = pool.run('unpack', rough('until cancelled'), bystander.signal);
  await assert.rejects(pool.run('unpack', rough('exit'), never), {
    code: 'workerDied',
    message: 'the worker of this unpack died: worker exited with code: 7',
  });
  await pool.run('unpack', rough('work'), never);
  bystander.abort(new Error('enough'));
  await assert.rejects(waiting, /enough/);
});

test('what a task throws aside ends its worker and fails it alone; the message is kept to ourselves', async (t) => {
  const { pool } = poolFor(t, { workerFile: roughWorker });
  await assert.rejects(pool.run('unpack', rough('throw aside'), never), {
    code: 'workerDied',
    message: 'the worker of this unpack died: an uncaught RangeError',
  });
  assert.equal((await pool.run('unpack', rough('work'), never)).fileCount, 0);
});

test('a worker out of memory fails its task, says so, and is replaced', async (t) => {
  const { pool } = poolFor(t, { workerMemoryMiB: 32, workerFile: roughWorker });
  await assert.rejects(pool.run('unpack', rough('exhaust'), never), (error) => {
    assert.ok(error instanceof TaskError);
    assert.equal(error.code, 'workerDied');
    assert.match(error.message, /ran out of memory; --worker-memory gives it more/);
    return true;
  });
  assert.equal((await pool.run('unpack', rough('work'), never)).fileCount, 0);
  assert.ok(pool.stats().started > pool.stats().threads);
});

test('a worker that dies between tasks does no harm', async (t) => {
  const { pool } = poolFor(t, { workerFile: roughWorker });
  await pool.run('unpack', rough('throw later'), never).catch(() => {});
  // The next one may meet the dying thread; the one after it does not.
  await pool.run('unpack', rough('work'), never).catch((error) => assert.equal(error.code, 'workerDied'));
  assert.equal((await pool.run('unpack', rough('work'), never)).fileCount, 0);
});

test('an abort rejects at once, and the thread is free again when the task has looked', async (t) => {
  const { pool, seen } = poolFor(t, { workerFile: roughWorker });
  const abort = new AbortController();
  const running = pool.run('unpack', rough('until cancelled'), abort.signal);
  await until(() => pool.stats().running === 1);
  abort.abort(new Error('superseded'));
  await assert.rejects(running, /superseded/);
  await pool.run('unpack', rough('work'), never);
  assert.deepEqual(
    seen.map(({ outcome }) => outcome),
    ['cancelled', 'ok'],
  );
});

test('what is aborted in the queue never starts', async (t) => {
  const { pool, seen } = poolFor(t, { workerFile: roughWorker });
  const first = new AbortController();
  const second = new AbortController();
  const running = pool.run('unpack', rough('until cancelled'), first.signal);
  const queued = pool.run('unpack', rough('exit'), second.signal);
  assert.deepEqual([pool.stats().running, pool.stats().queued], [1, 1]);
  second.abort(new Error('not any more'));
  await assert.rejects(queued, /not any more/);
  assert.equal(pool.stats().queued, 0);
  first.abort(new Error('done'));
  await assert.rejects(running, /done/);
  await until(() => seen.length === 1);
});

test('an aborted signal starts nothing', async (t) => {
  const { pool, seen } = poolFor(t, { workerFile: roughWorker });
  await assert.rejects(pool.run('unpack', rough('exit'), AbortSignal.abort(new Error('before'))), /before/);
  assert.deepEqual(seen, []);
});

test('as many run at once as there are workers', async (t) => {
  const { pool } = poolFor(t, { workers: 2, workerFile: roughWorker });
  const abort = new AbortController();
  const runs = [1, 2, 3].map(() => pool.run('unpack', rough('until cancelled'), abort.signal));
  await until(() => pool.stats().running === 2);
  assert.deepEqual(pool.stats(), { threads: 2, started: 2, running: 2, queued: 1, limit: 2, limitMin: 2, limitMax: 2 });
  abort.abort(new Error('enough'));
  for (const outcome of await Promise.allSettled(runs)) assert.equal(outcome.status, 'rejected');
});

test('auto begins with as many as the CPU quota allows, and no thread before it is needed but one', async (t) => {
  const { pool } = poolFor(t, { workers: 'auto', cpuAllowance: 2.5, workerFile: roughWorker });
  await Promise.resolve(); // it hears of its threads
  assert.deepEqual(pool.stats(), { threads: 1, started: 1, running: 0, queued: 0, limit: 2, limitMin: 1, limitMax: 4 });
});

test('auto grows while tasks queue and CPU is free, and tells why', async (t) => {
  const clock = new ManualClock();
  const decisions: Decision[] = [];
  const { pool } = poolFor(t, {
    workers: 'auto',
    cpuAllowance: 1,
    clock,
    observeTuning: (decision) => decisions.push(decision),
    workerFile: roughWorker,
  });
  const enough = new AbortController();
  const runs = [1, 2, 3, 4].map(() => pool.run('unpack', rough('until cancelled'), enough.signal).catch(() => {}));
  await clock.advance(SAMPLE_MS);
  assert.deepEqual([pool.stats().limit, pool.stats().running, pool.stats().queued], [2, 2, 2]);
  const [{ direction, because, limit, sample } = assert.fail()] = decisions;
  assert.deepEqual({ direction, because, limit }, { direction: 'grow', because: 'queueing', limit: 2 });
  assert.deepEqual([sample.running, sample.queued], [1, 3]);
  await until(() => pool.stats().threads === 2);
  enough.abort(new Error('enough'));
  await Promise.all(runs);
});

test('a number of workers stays, however many tasks queue', async (t) => {
  const clock = new ManualClock();
  const { pool } = poolFor(t, { workers: 1, cpuAllowance: 4, clock, workerFile: roughWorker });
  const enough = new AbortController();
  const runs = [1, 2, 3, 4].map(() => pool.run('unpack', rough('until cancelled'), enough.signal).catch(() => {}));
  await clock.advance(5 * SAMPLE_MS);
  assert.deepEqual([pool.stats().limit, pool.stats().running, pool.stats().queued], [1, 1, 3]);
  enough.abort(new Error('enough'));
  await Promise.all(runs);
});

test('idle threads end, down to one', async (t) => {
  const { pool } = poolFor(t, { workers: 'auto', cpuAllowance: 3, idleTimeoutMs: 1, workerFile: roughWorker });
  const enough = new AbortController();
  const runs = [1, 2, 3].map(() => pool.run('unpack', rough('until cancelled'), enough.signal).catch(() => {}));
  await until(() => pool.stats().threads === 3);
  enough.abort(new Error('enough'));
  await Promise.all(runs);
  await until(() => pool.stats().threads === 1);
  assert.equal((await pool.run('unpack', rough('work'), never)).fileCount, 0);
});

test('closing ends what runs and refuses what waits', async () => {
  const pool = createPool({ workers: 1, workerMemoryMiB: 64, workerFile: roughWorker });
  const running = pool.run('unpack', rough('until cancelled'), never);
  const queued = [1, 2, 3].map(() => pool.run('unpack', rough('work'), never));
  await until(() => pool.stats().running === 1);
  const outcomes = Promise.allSettled([running, ...queued]);
  await pool.close();
  for (const outcome of await outcomes) {
    assert.ok(outcome.status === 'rejected' && outcome.reason.code === 'cancelled');
  }
  assert.equal(pool.stats().threads, 0);
});

test('what cannot fit into a worker is refused, not tried: the process would go with it', async (t) => {
  const { pool } = poolFor(t, { workerMemoryMiB: 64 });
  const refused = pool.run('build', buildInput({ 'a.yaml': `[${'{},'.repeat(5_000_000)}]` }), never);
  await assert.rejects(refused, { code: 'limitExceeded' });
});

test('what is past its bound of bytes never reaches a worker', async (t) => {
  const { pool, seen } = poolFor(t, { workerFile: roughWorker });
  const archive = new ArrayBuffer(taskLimits.unpack.inputBytes + 1);
  await assert.rejects(pool.run('unpack', { archive, digest: 'exit' }, never), { code: 'limitExceeded' });
  assert.deepEqual(seen, []);
});
