import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Stage, StageSet } from '../../shared/api/types.ts';
import { actionsToRun } from './actions-to-run.ts';

const stage: Stage = {
  name: 'app',
  sourceRef: { name: 'app' },
  actions: {
    pre: [{ name: 'migrate', job: { sourceRef: { name: 'ledger' } } }],
    post: [{ name: 'smoke', http: { url: 'https://user:hunter2@web.example.com/healthz?token=hunter2' } }],
    onFailure: [{ name: 'page', wait: { duration: '1s' } }],
  },
};

/** With what has run at revision `v1`. */
function set(...executedActions: readonly string[]): StageSet {
  const status = { stages: [{ name: 'app', ledgerRevision: 'v1', executedActions }] };
  return { metadata: { name: 'shop', namespace: 'shop' }, spec: { stages: [stage] }, status } as unknown as StageSet;
}

function names(of: StageSet, revision: string | undefined, changes: boolean): readonly string[] {
  return actionsToRun(of, [{ stage, revision, changes }]).map(({ name }) => name);
}

test('those that have not run at the revision at hand', () => {
  assert.deepEqual(names(set(), 'v1', false), ['migrate', 'smoke', 'page']);
  assert.deepEqual(names(set('migrate'), 'v1', false), ['smoke', 'page']);
  assert.deepEqual(names(set('migrate', 'smoke'), 'v1', false), []);
  assert.deepEqual(names(set('migrate', 'smoke'), 'v2', false), ['migrate', 'smoke', 'page']);
});

test('those for a failure only where something may fail', () => {
  assert.deepEqual(names(set('migrate', 'smoke'), 'v1', true), ['page']);
});

test('local files have no revision: all of them, where something changes', () => {
  assert.deepEqual(names(set('migrate', 'smoke'), undefined, true), ['migrate', 'smoke', 'page']);
  assert.deepEqual(names(set(), undefined, false), []);
});

test('an address is told without what opens it', () => {
  const [, smoke] = actionsToRun(set(), [{ stage, revision: 'v1', changes: true }]);
  assert.equal(smoke?.target, 'https://***@web.example.com/healthz?***');
});
