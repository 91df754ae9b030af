import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlannedObject } from '../../shared/protocol/tasks.ts';
import { KubeError } from '../kube/errors.ts';
import { contentsOf, mayPass, ObjectsRefused, publicError, refusal } from './refusal.ts';

function planned(id: string, more: Partial<PlannedObject> = {}): PlannedObject {
  return { id, apiVersion: 'v1', wave: 4, digest: '', sensitive: false, keep: false, offset: 0, length: 0, ...more };
}

function refusedWith(status: number): KubeError {
  return new KubeError({ status, reason: 'X', message: 'no' });
}

const stageOf = (...ids: readonly string[]) =>
  contentsOf(
    ids.map((id) => planned(id)),
    new Set(['db.example/Database']),
  );

const table: readonly (readonly [
  what: string,
  id: string,
  status: number,
  others: readonly string[],
  passes: boolean,
])[] = [
  ['its namespace comes along', 'team_a__ConfigMap', 404, ['_team__Namespace'], true],
  ['its namespace does not', 'team_a__ConfigMap', 404, ['_other__Namespace'], false],
  ['its CRD comes along', 'x_d_db.example_Database', 404, [], true],
  [
    'its role comes along',
    'x_b_rbac.authorization.k8s.io_RoleBinding',
    403,
    ['x_r_rbac.authorization.k8s.io_Role'],
    true,
  ],
  ['no role comes along', 'x_b_rbac.authorization.k8s.io_RoleBinding', 403, [], false],
  ['a pod whose account comes along', 'x_p__Pod', 403, ['x_s__ServiceAccount'], true],
  ['a ConfigMap is forbidden', 'x_a__ConfigMap', 403, ['x_s__ServiceAccount'], false],
  ['the schema refuses it, whatever comes', 'team_a__ConfigMap', 422, ['_team__Namespace'], false],
];
for (const [what, id, status, others, passes] of table) {
  test(`${status}, and ${what}: ${passes ? 'asked again later' : 'final'}`, () => {
    assert.equal(mayPass(planned(id), refusedWith(status), stageOf(...others)), passes);
  });
}

test('of a sensitive object only field and reason are told', () => {
  const error = new KubeError({
    status: 422,
    reason: 'Invalid',
    message: 'Secret "s" is invalid: data[password]: Invalid value: "hunter2"',
    details: {
      causes: [{ field: 'data[password]', reason: 'FieldValueInvalid', message: 'Invalid value: "hunter2"' }],
    },
  });
  const told = refusal(planned('x_s__Secret', { sensitive: true }), error).message;
  assert.equal(told, 'Secret x/s: refused (Invalid): data[password]: FieldValueInvalid');
});

test('a webhook that writes values where field and reason belong is not quoted', () => {
  const error = new KubeError({
    status: 403,
    reason: 'hunter2 is too short',
    message: 'admission webhook "passwords" denied the request: hunter2',
    details: { causes: [{ field: 'password is hunter2', reason: 'hunter2', message: 'hunter2' }] },
  });
  const told = refusal(planned('x_s__Secret', { sensitive: true }), error).message;
  assert.equal(told, 'Secret x/s: refused (refused): a field: refused');
});

test('an element that is named by its value is named without it', () => {
  const conflict = (field: string) =>
    refusal(
      planned('x_c_example.test_Config', { sensitive: true }),
      new KubeError({ status: 409, reason: 'Conflict', message: '', details: { causes: [{ field, reason: 'X' }] } }),
    ).message;
  assert.equal(conflict('.spec.tags[="hunter2"]'), 'Config x/c: refused (Conflict): .spec.tags[=…]: X');
  assert.equal(
    conflict('.spec.ports[name="a]\\"b",port=80].x'),
    'Config x/c: refused (Conflict): .spec.ports[name=…,port=…].x: X',
  );
});

test('an immutable field is told by name, with what the policy says', () => {
  const error = new KubeError({
    status: 422,
    reason: 'Invalid',
    message: 'Job.batch "m" is invalid: spec.template: Invalid value: {pages of it}: field is immutable',
    details: { causes: [{ field: 'spec.template', message: 'field is immutable' }] },
  });
  const job = planned('x_m_batch_Job');
  assert.equal(
    refusal(job, error, { action: 'Fail', guarded: false }).message,
    'Job x/m: immutable and changed: spec.template (conflict policy Fail)',
  );
  assert.match(
    refusal(planned('x_d__PersistentVolumeClaim'), error, { action: 'Recreate', guarded: true }).message,
    /not recreated, for its data would be lost: .* allowDataLoss: true/,
  );
});

test('all refusals are counted, the first ten are shown', () => {
  const refusals = Array.from({ length: 12 }, (_, i) => ({ object: planned(`x_${i}__ConfigMap`), message: `m${i}` }));
  const { message } = new ObjectsRefused(refusals);
  assert.ok(message.startsWith('m0; m1; ') && message.endsWith('m9; and 2 more'), message);
});

test('trouble that passes quotes no more, and is still trouble that passes', () => {
  const busy = new KubeError({
    status: 500,
    reason: 'InternalError',
    message: 'webhook: no: "hunter2"',
    retryAfterMs: 9,
  });
  const told = publicError(planned('x_s__Secret', { sensitive: true }), busy);
  assert.deepEqual([told.status, told.retryAfterMs], [500, 9]);
  assert.equal(told.message, 'Secret x/s: refused (InternalError)');
  assert.equal(publicError(planned('x_a__ConfigMap'), busy), busy);
  const away = new KubeError({ status: 0, reason: 'Network', message: 'cannot reach https://cluster' });
  assert.equal(publicError(planned('x_s__Secret', { sensitive: true }), away), away);
});
