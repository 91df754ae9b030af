import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConflictAction, ConflictPolicy, Stage } from '../../shared/api/types.ts';
import { KubeError } from '../kube/errors.ts';
import { type Answer, answerTo, immutableFieldsIn, policyFor } from './conflict-policy.ts';

const stage = (conflictPolicy?: ConflictPolicy, force?: boolean): Stage => ({
  name: 'app',
  sourceRef: { name: 'app' },
  ...(conflictPolicy && { conflictPolicy }),
  ...(force !== undefined && { force }),
});
const job = { id: 'shop_migrate_batch_Job', apiVersion: 'batch/v1' };
const claim = { id: 'shop_data__PersistentVolumeClaim', apiVersion: 'v1' };
const volume = { id: '_data__PersistentVolume', apiVersion: 'v1' };

test('the first rule that matches decides, else the default', () => {
  const rules = [
    { target: { kind: 'Job', namespace: 'bank' }, action: 'Fail' },
    { target: { apiVersion: 'batch/v1', kind: 'Job', name: 'migrate' }, action: 'KeepExisting' },
    { target: { kind: 'Job' }, action: 'Recreate' },
  ] as const;
  const actionFor = (id: string, apiVersion = 'batch/v1') =>
    policyFor(stage({ default: 'Recreate', rules }), { id, apiVersion }).action;
  assert.equal(actionFor('shop_migrate_batch_Job'), 'KeepExisting');
  assert.equal(actionFor('shop_other_batch_Job'), 'Recreate');
  assert.equal(actionFor('bank_migrate_batch_Job'), 'Fail');
  assert.equal(actionFor('shop_migrate_batch_Job', 'batch/v2'), 'Recreate');
  assert.equal(actionFor('shop_web_apps_Deployment', 'apps/v1'), 'Recreate');
});

const defaults: Readonly<Record<string, readonly [Stage, ConflictAction]>> = {
  'nothing said': [stage(), 'Fail'],
  force: [stage(undefined, true), 'Recreate'],
  'force beside rules': [stage({ rules: [{ target: { kind: 'Pod' }, action: 'Fail' }] }, true), 'Recreate'],
  'force beside a default': [stage({ default: 'KeepExisting' }, true), 'KeepExisting'],
};
for (const [what, [of, action]] of Object.entries(defaults)) {
  test(`${what}: ${action}`, () => assert.equal(policyFor(of, job).action, action));
}

const anything = { target: {}, action: 'Recreate' } as const;
const guards: Readonly<Record<string, readonly [Stage, guarded: boolean]>> = {
  force: [stage(undefined, true), true],
  'default: Recreate': [stage({ default: 'Recreate' }), true],
  'a rule without a kind': [stage({ rules: [anything] }), true],
  'a rule that accepts it': [stage({ rules: [{ ...anything, allowDataLoss: true }] }), false],
  'a later rule that accepts it': [stage({ rules: [anything, { ...anything, allowDataLoss: true }] }), true],
};
for (const [what, [of, guarded]] of Object.entries(guards)) {
  test(`${what}: a volume is ${guarded ? 'guarded' : 'recreated'}`, () => {
    for (const object of [claim, volume]) assert.equal(policyFor(of, object).guarded, guarded);
    assert.equal(policyFor(of, job).guarded, false);
  });
}

const refused = (status: number, ...causes: { readonly field?: string; readonly reason?: string; message: string }[]) =>
  new KubeError({ status, reason: 'X', message: 'no', details: { causes } });
const immutable = refused(422, { field: 'spec.template', message: 'Invalid value: {}: field is immutable' });
const mixed = refused(
  422,
  { field: 'spec.template', message: 'field is immutable' },
  { field: 'spec.parallelism', message: 'must be greater than or equal to 0' },
);
const conflict = refused(409, {
  reason: 'FieldManagerConflict',
  field: '.spec.replicas',
  message: 'conflict with "hpa"',
});
const moved = new KubeError({ status: 409, reason: 'Conflict', message: 'the object has been modified' });

const answers: readonly (readonly [what: string, KubeError, Record<ConflictAction | 'guarded', Answer>])[] = [
  ['an immutable field', immutable, { Fail: 'refuse', Recreate: 'recreate', guarded: 'refuse', KeepExisting: 'keep' }],
  ['and one that is wrong', mixed, { Fail: 'refuse', Recreate: 'refuse', guarded: 'refuse', KeepExisting: 'refuse' }],
  ['another’s field', conflict, { Fail: 'refuse', Recreate: 'refuse', guarded: 'refuse', KeepExisting: 'keep' }],
  ['a lost race', moved, { Fail: 'refuse', Recreate: 'refuse', guarded: 'refuse', KeepExisting: 'refuse' }],
];
for (const [what, error, { guarded, ...byAction }] of answers) {
  test(`${what}: ${JSON.stringify(byAction)}`, () => {
    for (const [action, answer] of Object.entries(byAction)) {
      assert.equal(answerTo(error, { action: action as ConflictAction, guarded: false }), answer);
    }
    assert.equal(answerTo(error, { action: 'Recreate', guarded: true }), guarded);
  });
}

/** As a Kubernetes 1.36 server put it. */
const serverSays = [
  'Invalid value: {"matchLabels":{"app":"b"}}: field is immutable',
  "Forbidden: updates to statefulset spec for fields other than 'replicas' and 'template' are forbidden",
  'Forbidden: field is immutable when `immutable` is set',
  'Forbidden: spec is immutable after creation except resources.requests for bound claims\n@@ -1 +1 @@\n',
  'Invalid value: {"Kind":"Role","Name":"b"}: cannot change roleRef',
  'Invalid value: ["None"]: may not change once set',
  'Forbidden: pod updates may not change fields other than `spec.containers[*].image`',
  'Forbidden: may not be changed in an update.',
];
for (const message of serverSays) {
  test(`immutable: ${message.slice(0, 70)}`, () => {
    assert.deepEqual(immutableFieldsIn(refused(422, { field: 'spec', message }, { field: 'spec', message })), ['spec']);
  });
}
