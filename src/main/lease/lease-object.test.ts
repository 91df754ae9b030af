import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askedFor, heldBy, type LeaseObject, leaseName, newLease, readLease, signOfLife } from './lease-object.ts';

const wallMs = Date.parse('2030-01-01T00:00:00.250Z');
/** As controller-runtime leaves one, with something that somebody has put on it. */
const ofGo: LeaseObject = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { name: leaseName(0, 1), namespace: 'n', resourceVersion: '7', annotations: { team: 'platform' } },
  spec: {
    holderIdentity: 'go',
    leaseDurationSeconds: 30,
    acquireTime: '2029-12-31T00:00:00.000000Z',
    renewTime: '2029-12-31T23:59:59.000000Z',
    leaseTransitions: 4,
  },
};

test('the plain Lease has the name that every installation knows', () => {
  assert.equal(leaseName(0, 1), 'stageset-controller.stages.metio.wtf');
  assert.equal(leaseName(2, 3), 'stageset-controller-shard-2.stages.metio.wtf');
});

test('one without a number of shards leads all there is', () => {
  const want = { name: leaseName(0, 1), holder: 'go', shards: 1, durationMs: 30_000, wantedBy: undefined };
  assert.deepEqual(readLease(ofGo), want);
  assert.deepEqual(readLease(newLease(leaseName(0, 1), 'n')), { ...want, holder: '', durationMs: 15_000 });
});

test('Leases about something else are none of ours', () => {
  for (const name of [
    'kube-scheduler',
    'x-stageset-controller.stages.metio.wtf',
    'stageset-controller-shard-.stages.metio.wtf',
  ])
    assert.equal(readLease(newLease(name, 'n')), undefined, name);
});

test('taken: it changes hands, carries the number of shards, and keeps what others put on it', () => {
  const taken = heldBy(ofGo, { holder: 'a', shards: 3, wallMs });
  assert.deepEqual(taken.metadata, {
    ...ofGo.metadata,
    annotations: { team: 'platform', 'stages.metio.wtf/shards': '3' },
  });
  assert.deepEqual(taken.spec, {
    holderIdentity: 'a',
    leaseDurationSeconds: 15,
    acquireTime: '2030-01-01T00:00:00.250000Z',
    renewTime: '2030-01-01T00:00:00.250000Z',
    leaseTransitions: 5,
  });
});

test('renewed: only that it is alive is new, and whoever asked for it is answered', () => {
  const taken = heldBy(ofGo, { holder: 'a', shards: 3, wallMs });
  const asked = askedFor(taken, 'b');
  assert.equal(readLease(asked)?.wantedBy, 'b');
  assert.equal(signOfLife(asked), signOfLife(taken), 'asking is no sign of life of its holder');
  const renewed = heldBy(asked, { holder: 'a', shards: 3, wallMs: wallMs + 2_000 });
  assert.equal(readLease(renewed)?.wantedBy, undefined);
  assert.deepEqual(renewed.spec, { ...taken.spec, renewTime: '2030-01-01T00:00:02.250000Z' });
  assert.notEqual(signOfLife(renewed), signOfLife(taken));
});

test('let go: nobody holds it', () => {
  const free = heldBy(ofGo, { holder: '', shards: 1, wallMs });
  assert.equal(readLease(free)?.holder, '');
  assert.equal(free.spec !== undefined && 'holderIdentity' in free.spec, false, 'absent, not empty');
});
