import assert from 'node:assert/strict';
import { test } from 'node:test';
import { current, failed, inProgress, type Readiness } from '../../shared/kstatus/readiness.ts';
import { ManualClock } from '../../shared/time/manual-clock.ts';
import { awaitSettled, judgeReadiness, NotReady, type Watched } from './verify.ts';

/** The cluster, as far as readiness goes, moved by hand. */
class Cluster implements Watched {
  readonly #objects = new Map<string, Readiness>();
  readonly #listeners = new Set<(id: string) => void>();

  readinessOf(id: string): Readiness | undefined {
    return this.#objects.get(id);
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

  drop(id: string): void {
    this.#objects.delete(id);
    for (const listener of [...this.#listeners]) listener(id);
  }

  get listeners(): number {
    return this.#listeners.size;
  }
}

const never = new AbortController().signal;
const clock = new ManualClock();

test('a wait ends when the last object is ready, and listens no more', async () => {
  const cluster = new Cluster().set('a', current).set('b', inProgress('1/2'));
  const settled = awaitSettled(['a', 'b'], cluster, clock, never);
  cluster.set('b', current);
  assert.deepEqual(await settled, { is: 'ready' });
  assert.equal(cluster.listeners, 0);
});

test('an object that was ready and is no more keeps the wait going', async () => {
  const cluster = new Cluster().set('a', current).set('b', inProgress('1/2'));
  const settled = awaitSettled(['a', 'b'], cluster, clock, never);
  cluster.set('a', inProgress('restarting')).set('b', current);
  assert.equal(cluster.listeners, 1);
  cluster.set('a', current);
  assert.deepEqual(await settled, { is: 'ready' });
});

test('a failed object ends the wait at once, also one that has failed already', async () => {
  const cluster = new Cluster().set('a', inProgress('…')).set('b', inProgress('…'));
  const settled = awaitSettled(['a', 'b'], cluster, clock, never);
  cluster.set('b', failed('crashed'));
  const wanted = { is: 'failed', because: [{ id: 'b', message: 'crashed' }] };
  assert.deepEqual(await settled, wanted);
  assert.deepEqual(await awaitSettled(['a', 'b'], cluster, clock, never), wanted);
});

test('an object that goes ends the wait where it is not to', async () => {
  const cluster = new Cluster().set('a', current).set('b', inProgress('1/2'));
  const isLost = (id: string) => cluster.readinessOf(id) === undefined;
  const settled = awaitSettled(['a', 'b'], cluster, clock, never, isLost);
  cluster.drop('a');
  const waitingFor = [
    { id: 'a', message: 'not there' },
    { id: 'b', message: '1/2' },
  ];
  assert.deepEqual(await settled, { is: 'progressing', waitingFor });
  assert.equal(cluster.listeners, 0);
});

test('an abort ends the wait with its reason', async () => {
  const cluster = new Cluster();
  const abort = new AbortController();
  const settled = awaitSettled(['a'], cluster, clock, abort.signal);
  abort.abort(new Error('superseded'));
  await assert.rejects(settled, /superseded/);
  assert.equal(cluster.listeners, 0);
  await assert.rejects(awaitSettled(['a'], cluster, clock, abort.signal), /superseded/);
});

test('an object that fails with time alone ends the wait then', async () => {
  const fromMs = clock.wallMs() + 15_000;
  const cluster = new Cluster().set('a', {
    is: 'inProgress',
    message: 'no node takes it',
    later: { fromMs, readiness: failed('no node took it') },
  });
  const settled = awaitSettled(['a'], cluster, clock, never);
  await clock.advance(14_999);
  assert.equal(cluster.listeners, 1);
  await clock.advance(1);
  assert.deepEqual(await settled, { is: 'failed', because: [{ id: 'a', message: 'no node took it' }] });
  assert.equal(clock.sleeping, 0);
});

test('one that a node takes in time does not', async () => {
  const later = { fromMs: clock.wallMs() + 15_000, readiness: failed('no node took it') };
  const cluster = new Cluster().set('a', { is: 'inProgress', message: 'no node takes it', later });
  const settled = awaitSettled(['a'], cluster, clock, never);
  cluster.set('a', inProgress('starting'));
  await clock.advance(20_000);
  cluster.set('a', current);
  assert.deepEqual(await settled, { is: 'ready' });
});

test('what is not there is progressing, and the message says so', () => {
  const verdict = judgeReadiness(['shop_web_apps_Deployment'], new Cluster(), clock.wallMs());
  if (verdict.is !== 'progressing') return assert.fail(verdict.is);
  assert.equal(
    new NotReady(verdict, { afterMs: 2_000, reasons: new Map() }).message,
    'timed out after 2s, nothing failed, still progressing: Deployment shop/web (not there)',
  );
});

test('the message tells why an object is stuck, where that is known', () => {
  const because = [
    { id: 'shop_web_apps_Deployment', message: 'Progress deadline exceeded' },
    { id: 'shop_db_apps_StatefulSet', message: '' },
    { id: 'shop_api_apps_Deployment', message: 'Available: 0/1' },
  ];
  const reasons = new Map([
    ['shop_web_apps_Deployment', 'pod web-1: container app: ImagePullBackOff'],
    ['shop_db_apps_StatefulSet', 'pod db-0: Unschedulable'],
  ]);
  assert.equal(
    new NotReady({ is: 'failed', because }, { afterMs: 2_000, reasons }).message,
    'failed: Deployment shop/web (Progress deadline exceeded; pod web-1: container app: ImagePullBackOff), ' +
      'StatefulSet shop/db (pod db-0: Unschedulable), Deployment shop/api (Available: 0/1)',
  );
});
