import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge } from './judge.ts';
import type { AdmissionRequest } from './review.ts';

const options = { multiTenant: true, nowMs: Date.parse('2030-01-01T00:00:00Z') };
const sound = { serviceAccountName: 'deployer', stages: [{ name: 'app', sourceRef: { name: 'app' } }] };
const unsound = { interval: 'soon', stages: [{ name: 'app', sourceRef: { name: 'app' }, timeout: 'never' }] };

function request(rest: Partial<AdmissionRequest>): AdmissionRequest {
  return {
    uid: 'u',
    operation: 'CREATE',
    kind: { group: 'stages.metio.wtf', version: 'v1', kind: 'StageSet' },
    subResource: '',
    object: stageSet(sound),
    oldObject: null,
    ...rest,
  };
}

function stageSet(spec: object, metadata: object = {}) {
  return { metadata: { name: 'shop', namespace: 'team', ...metadata }, spec };
}

test('what is sound passes without a word', () => {
  assert.deepEqual(judge(request({}), options), { allowed: true, warnings: [] });
});

test('every violation is told, with its path, to people and to machines', () => {
  const verdict = judge(request({ object: stageSet(unsound) }), options);
  assert.ok(!verdict.allowed);
  const { code, reason, message, details } = verdict.denial;
  assert.deepEqual([code, reason, details?.kind, details?.name], [422, 'Invalid', 'StageSet', 'shop']);
  const fields = details?.causes.map(({ field }) => field);
  assert.deepEqual(fields, ['spec.interval', 'spec.stages[0].timeout']);
  assert.match(message, /^spec\.interval: must be .*; spec\.stages\[0\]\.timeout: must be /);
});

test('what is legal but hardly meant passes with warnings', () => {
  const { serviceAccountName: _, ...rest } = sound;
  const verdict = judge(request({ object: stageSet(rest) }), options);
  assert.ok(verdict.allowed);
  assert.match(verdict.warnings.join(), /^spec\.serviceAccountName: not set/);
});

const passing: readonly (readonly [string, Partial<AdmissionRequest>])[] = [
  ['a deletion', { operation: 'DELETE', object: null, oldObject: stageSet(unsound) }],
  ['a connection', { operation: 'CONNECT' }],
  ['a change of the status', { operation: 'UPDATE', subResource: 'status', oldObject: stageSet(sound) }],
  ['an annotation', { operation: 'UPDATE', oldObject: stageSet(unsound, { annotations: {} }) }],
  ['a spec whose keys moved', { operation: 'UPDATE', oldObject: stageSet({ ...reversed(unsound) }) }],
  ['a spec that is gone on both sides', { operation: 'UPDATE', object: {}, oldObject: {} }],
  [
    'a change of what is being deleted',
    { operation: 'UPDATE', oldObject: stageSet(sound, { deletionTimestamp: '2030-01-01T00:00:00Z' }) },
  ],
];

for (const [what, rest] of passing) {
  test(`${what} passes, however unsound the spec`, () => {
    assert.deepEqual(judge(request({ object: stageSet(unsound), ...rest }), options), { allowed: true, warnings: [] });
  });
}

test('a change of the spec is judged, even where the new object says that it is being deleted', () => {
  const deletionTimestamp = '2030-01-01T00:00:00Z';
  const object = stageSet(unsound, { deletionTimestamp });
  assert.equal(judge(request({ operation: 'UPDATE', object, oldObject: stageSet(sound) }), options).allowed, false);
});

test('specs too deep to be compared are judged, not waved through', () => {
  const [object, oldObject] = [stageSet(nested(50_000)), stageSet(nested(50_000))];
  assert.equal(judge(request({ operation: 'UPDATE', object, oldObject }), options).allowed, false);
});

for (const kind of [
  { group: '', version: 'v1', kind: 'ConfigMap' },
  { group: 'stages.metio.wtf', version: 'v2', kind: 'StageSet' },
  { group: '', version: '', kind: '' },
]) {
  test(`${kind.kind} of ${kind.group}/${kind.version} is no business of this webhook`, () => {
    const verdict = judge(request({ kind }), options);
    assert.ok(!verdict.allowed);
    assert.equal(verdict.denial.code, 400);
    assert.match(verdict.denial.message, /only StageSets of stages\.metio\.wtf\/v1/);
  });
}

function reversed(object: object): object {
  return Object.fromEntries(Object.entries(object).toReversed());
}

function nested(depth: number): object {
  return JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`);
}
