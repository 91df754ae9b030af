import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StageSet } from '../../shared/api/types.ts';
import { judgeGate, parseGatePath } from './gate.ts';

test('a path names namespace, StageSet and stage, or is malformed', () => {
  assert.deepEqual(parseGatePath('/gate/apps/shop.v2/web'), { namespace: 'apps', stageset: 'shop.v2', stage: 'web' });
  const malformed = [
    '/',
    '/gate',
    '/gate/apps/shop',
    '/gate/apps/shop/',
    '/gate/apps/shop/web/',
    '/gate/apps/shop/web/more',
    '//gate/apps/shop/web',
    '/gates/apps/shop/web',
    '/gate//shop/web',
    '/gate/apps/../web',
    '/gate/a.b/shop/web',
    '/gate/apps/Shop/web',
    '/gate/apps/shop/w%65b',
    '/gate/apps/shop/%',
    `/gate/apps/${'s'.repeat(254)}/web`,
    'http://other/gate/apps/shop/web',
    '*',
  ];
  for (const path of malformed) assert.equal(parseGatePath(path), undefined, path);
});

const asked = { namespace: 'apps', stageset: 'shop', stage: 'web' };
const unknown = { ready: false, ...asked, phase: '', revision: '' };

function shop(changes: Partial<StageSet> = {}): StageSet {
  return {
    apiVersion: 'stages.metio.wtf/v1',
    kind: 'StageSet',
    metadata: { name: 'shop', namespace: 'apps' },
    spec: { stages: [{ name: 'web', sourceRef: { name: 'web' } }] },
    status: {
      lastAttemptedRevisions: { 'apps/web': 'v2' },
      stages: [{ name: 'web', phase: 'Ready', appliedRevision: 'v2', message: 'secret' }],
    },
    ...changes,
  };
}

test('a stage that is Ready at the pinned revision is ready, and no message is told', () => {
  assert.deepEqual(judgeGate(asked, shop()), { ready: true, ...asked, phase: 'Ready', revision: 'v2' });
});

test('a stage that is at anything else than the pinned revision is not ready', () => {
  const status = (phase: 'Ready' | 'Verifying', appliedRevision?: string) => ({
    lastAttemptedRevisions: { 'apps/web': 'v2' },
    stages: [{ name: 'web', phase, ...(appliedRevision === undefined ? {} : { appliedRevision }) }],
  });
  const notReady = { ready: false, ...asked, revision: 'v2' };
  assert.deepEqual(judgeGate(asked, shop({ status: status('Verifying', 'v2') })), { ...notReady, phase: 'Verifying' });
  assert.deepEqual(judgeGate(asked, shop({ status: status('Ready', 'v1') })), { ...notReady, phase: 'Ready' });
  assert.deepEqual(judgeGate(asked, shop({ status: status('Ready') })), { ...notReady, phase: 'Ready' });
});

test('of two sources of one name the stage’s own counts', () => {
  const spec = { stages: [{ name: 'web', sourceRef: { kind: 'Bucket', name: 'web', namespace: 'lib' } }] };
  const lastAttemptedRevisions = { 'Bucket/lib/web': 'v2', 'GitRepository/lib/web': 'v9' };
  const status = { ...shop().status, lastAttemptedRevisions };
  assert.equal(judgeGate(asked, shop({ spec, status })).ready, true);
});

test('what is not there, not known yet or on its way out is not ready', () => {
  const { status: _none, ...fresh } = shop();
  const leaving = { name: 'shop', namespace: 'apps', deletionTimestamp: '2026-01-01T00:00:00Z' };
  const spec = { stages: [{ name: 'db', sourceRef: { name: 'web' } }] };
  assert.deepEqual(judgeGate(asked, undefined), unknown);
  assert.deepEqual(judgeGate(asked, fresh), unknown);
  assert.deepEqual(judgeGate(asked, shop({ metadata: leaving })), unknown);
  assert.deepEqual(judgeGate(asked, shop({ spec })), unknown);
});
