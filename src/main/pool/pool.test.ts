import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { buildInput } from '../../../test/support/build-input.ts';
import { TaskError } from '../../shared/protocol/task-error.ts';
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
  await assert.rejects(pool.run('unpack', rough('exit'), never), { code: 'workerDied' });
  await pool.run('unpack', rough('work'), never);
  bystander.abort(new Error('enough'));
  await assert.rejects(waiting, /enough/);
});

test('a worker out of memory fails its task, says so, and is replaced', async (t) => {
  const { pool } = poolFor(t, { workerMemoryMiB: 32, workerFile: roughWorker });
  await assert.rejects(pool.run('unpack', rough('exhaust'), never), (error) => {
    assert.ok(error instanceof TaskError);
    assert.equal(error.code, 'workerDied');
    assert.match(error.message, /ran out of memory/);
    return true;
  });
  assert.equal((await pool.run('unpack', rough('work'), never)).fileCount, 0);
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
  assert.deepEqual(pool.stats(), { threads: 2, running: 2, queued: 1 });
  abort.abort(new Error('enough'));
  for (const outcome of await Promise.allSettled(runs)) assert.equal(outcome.status, 'rejected');
});

test('auto starts with one thread and stays within its bound', async (t) => {
  const { pool } = poolFor(t, { workers: 'auto', workersMax: 1, workerFile: roughWorker });
  await Promise.all([1, 2, 3].map(() => pool.run('unpack', rough('work'), never)));
  assert.equal(pool.stats().threads, 1);
});

test('closing ends what runs and refuses what waits', async () => {
  const pool = createPool({ workers: 1, workerMemoryMiB: 64, workerFile: roughWorker });
  const running = pool.run('unpack', rough('until cancelled'), never);
  const queued = pool.run('unpack', rough('work'), never);
  await until(() => pool.stats().running === 1);
  const outcomes = Promise.allSettled([running, queued]);
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
