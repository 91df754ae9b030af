import assert from 'node:assert/strict';
import { test } from 'node:test';
import { current, failed, inProgress, type Readiness } from '../../shared/kstatus/readiness.ts';
import type { LiveObject } from '../live/live-object.ts';
import { awaitSettled, judgeReadiness, NotReady, type Watched } from './verify.ts';

/** The cluster, as far as readiness goes, moved by hand. */
class Cluster implements Watched {
  readonly #objects = new Map<string, Readiness>();
  readonly #listeners = new Set<(id: string) => void>();

  standing(id: string): Pick<LiveObject, 'readiness'> | undefined {
    const readiness = this.#objects.get(id);
    return readiness === undefined ? undefined : { readiness };
  }

  subscribe(_ids: readonly string[], listener: (id: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  set(id: string, readiness: Readiness): this {
    this.#objects.set(id, readiness);
    for (const listener of [...this.#listeners]) listener(id);
    return this;
  }

  get listeners(): number {
    return this.#listeners.size;
  }
}

const never = new AbortController().signal;

test('a wait ends when the last object is ready, and listens no more', async () => {
  const cluster = new Cluster().set('a', current).set('b', inProgress('1/2'));
  const settled = awaitSettled(['a', 'b'], cluster, never);
  cluster.set('b', current);
  assert.deepEqual(await settled, { is: 'ready' });
  assert.equal(cluster.listeners, 0);
});

test('an object that was ready and is no more keeps the wait going', async () => {
  const cluster = new Cluster().set('a', current).set('b', inProgress('1/2'));
  const settled = awaitSettled(['a', 'b'], cluster, never);
  cluster.set('a', inProgress('restarting')).set('b', current);
  assert.equal(cluster.listeners, 1);
  cluster.set('a', current);
  assert.deepEqual(await settled, { is: 'ready' });
});

test('a failed object ends the wait at once, also one that has failed already', async () => {
  const cluster = new Cluster().set('a', inProgress('…')).set('b', inProgress('…'));
  const settled = awaitSettled(['a', 'b'], cluster, never);
  cluster.set('b', failed('crashed'));
  const wanted = { is: 'failed', because: [{ id: 'b', message: 'crashed' }] };
  assert.deepEqual(await settled, wanted);
  assert.deepEqual(await awaitSettled(['a', 'b'], cluster, never), wanted);
});

test('an abort ends the wait with its reason', async () => {
  const cluster = new Cluster();
  const abort = new AbortController();
  const settled = awaitSettled(['a'], cluster, abort.signal);
  abort.abort(new Error('superseded'));
  await assert.rejects(settled, /superseded/);
  assert.equal(cluster.listeners, 0);
  await assert.rejects(awaitSettled(['a'], cluster, abort.signal), /superseded/);
});

test('what is not there is progressing, and the message says so', () => {
  const verdict = judgeReadiness(['shop_web_apps_Deployment'], new Cluster());
  if (verdict.is !== 'progressing') return assert.fail(verdict.is);
  assert.equal(
    new NotReady(verdict, 2_000).message,
    'timed out after 2s, nothing failed, still progressing: Deployment shop/web (not there)',
  );
});
