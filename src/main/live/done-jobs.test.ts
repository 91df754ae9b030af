import assert from 'node:assert/strict';
import { test } from 'node:test';
import { current } from '../../shared/kstatus/readiness.ts';
import type { KubeObject } from '../../shared/objects/object.ts';
import type { Resource } from '../kube/types.ts';
import { DoneJobs, endOfLifeMs } from './done-jobs.ts';
import type { LiveObject } from './live-object.ts';

const jobs: Resource = { group: 'batch', version: 'v1', kind: 'Job', plural: 'jobs', namespaced: true, verbs: [] };
const job = (spec: object, ...conditions: object[]) =>
  ({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'm' }, spec, status: { conditions } }) as KubeObject;
const complete = { type: 'Complete', status: 'True', lastTransitionTime: '1970-01-01T00:01:00Z' };
const ttl = { ttlSecondsAfterFinished: 30 };

const ends: Readonly<Record<string, readonly [KubeObject, number | undefined]>> = {
  'complete, with a time to live': [job(ttl, complete), 90_000],
  'complete, without one': [job({}, complete), undefined],
  running: [job(ttl), undefined],
  failed: [job(ttl, { ...complete, type: 'Failed' }), undefined],
};
for (const [what, [object, endsAtMs]] of Object.entries(ends)) {
  test(`a Job that is ${what} ends at ${endsAtMs}`, () => assert.equal(endOfLifeMs(jobs, object), endsAtMs));
}

const live = (endsAtMs?: number): LiveObject => ({
  id: 'n_m_batch_Job',
  metadata: { name: 'm', namespace: 'n' },
  uid: 'u',
  owner: { namespace: 'n', name: 'a' },
  stage: 'app',
  print: 'p',
  readiness: current,
  keep: false,
  deleting: false,
  ...(endsAtMs !== undefined && { endsAtMs }),
});

test('one that goes when its time is over is done, until it is there again', () => {
  const done = new DoneJobs({ wallMs: () => 90_000 });
  done.went(live(90_000));
  assert.ok(done.get('n_m_batch_Job'));
  done.forget('n_m_batch_Job');
  assert.equal(done.get('n_m_batch_Job'), undefined);
});

test('one that somebody deletes is missing', () => {
  const done = new DoneJobs({ wallMs: () => 60_000 });
  for (const gone of [live(), live(90_000), undefined]) done.went(gone);
  assert.equal(done.get('n_m_batch_Job'), undefined);
});
