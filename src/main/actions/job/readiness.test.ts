import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Readiness } from '../../../shared/kstatus/readiness.ts';
import type { KubeObject } from '../../../shared/objects/object.ts';
import { jobReadiness } from './readiness.ts';

function job(end?: 'Complete' | 'Failed', metadata: object = {}): KubeObject {
  const conditions = end === undefined ? [] : [{ type: end, status: 'True' }];
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'it', ...metadata }, status: { conditions } };
}

const deleting = { deletionTimestamp: '2026-01-01T00:00:00Z' };

const stories: readonly (readonly [string, readonly (KubeObject | undefined)[], Readiness['is']])[] = [
  ['not there yet', [undefined], 'inProgress'],
  ['there', [undefined, job()], 'inProgress'],
  ['complete', [job(), job('Complete')], 'current'],
  ['failed', [job(), job('Failed')], 'failed'],
  ['complete and then gone', [job(), job('Complete'), undefined], 'current'],
  ['seen complete only when it was being deleted', [job(), job('Complete', deleting), undefined], 'current'],
  ['failed and then gone', [job('Failed'), undefined], 'failed'],
  ['gone before its end was seen', [job(), undefined], 'failed'],
  ['deleted while at work', [job(), job(undefined, deleting)], 'terminating'],
];
for (const [what, sightings, is] of stories) {
  test(`a Job that is ${what}: ${is}`, () => {
    let readiness: Readiness | undefined;
    for (const seen of sightings) readiness = jobReadiness(seen, readiness);
    assert.equal(readiness?.is, is);
  });
}
