import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunOutcome, StageSet, StageSetStatus, UpdateWindow } from '../../shared/api/types.ts';
import type { Pin } from '../source/pin.ts';
import type { Artifact } from '../source/source-object.ts';
import { rolloutIdOf } from './rollout-id.ts';
import { throughWindows, type WindowFacts } from './update-windows.ts';

const nowMs = Date.parse('2030-01-01T12:00:00Z');
const freeze: UpdateWindow = { type: 'Deny', from: '2030-01-01T00:00:00Z', to: '2030-01-02T00:00:00.5Z' };
const artifact = (revision: string, url = `http://source/${revision}`): Artifact => ({
  url,
  digest: `sha256:${revision}`,
  revision,
  sizeBytes: undefined,
});
const pin = (stage: string, revision: string, source = 'src'): Pin => ({
  stage,
  ref: { kind: 'ExternalArtifact', namespace: 'n', name: source, apiVersion: undefined },
  artifact: artifact(revision),
});

interface Scenario {
  readonly windows?: readonly UpdateWindow[];
  readonly scope?: 'All';
  readonly token?: string;
  readonly generation?: number;
  readonly status?: StageSetStatus;
}

function stageSet({ windows = [freeze], scope, token, status, generation = 1 }: Scenario): StageSet {
  return {
    apiVersion: 'stages.metio.wtf/v1',
    kind: 'StageSet',
    metadata: {
      name: 'a',
      namespace: 'n',
      generation,
      ...(token !== undefined && { annotations: { 'stages.metio.wtf/update-now': token } }),
    },
    spec: { stages: [], updateWindows: [...windows], ...(scope && { windowScope: scope }) },
    ...(status && { status }),
  };
}

function through(scenario: Scenario, newest: readonly Pin[], more: Partial<WindowFacts> = {}) {
  return throughWindows({ set: stageSet(scenario), newest, nowMs, applied: new Map(), granted: undefined, ...more });
}

const snapshot = (stage: string, revision: string) => ({ stage, ...artifact(revision), sizeBytes: undefined });
const both = [pin('db', 'r2'), pin('web', 'r2')];
const atR1: StageSetStatus = {
  stages: [
    { name: 'db', appliedRevision: 'r1' },
    { name: 'web', appliedRevision: 'r1' },
  ],
  lastAppliedSnapshot: [snapshot('db', 'r1'), snapshot('web', 'r1')],
};
const revisionsOf = (pins: readonly Pin[]) => pins.map(({ stage, artifact: { revision } }) => `${stage}@${revision}`);

test('open windows let everything through, and spend the token that nobody needed', () => {
  const admission = through({ windows: [], token: 't', status: atR1 }, both);
  assert.deepEqual(revisionsOf(admission.pins), ['db@r2', 'web@r2']);
  assert.deepEqual([admission.hold, admission.override, admission.granted], [undefined, 't', undefined]);
});

test('closed ones keep each stage at its own revision, and say until when, never too early', () => {
  const status = { ...atR1, stages: [{ name: 'db', appliedRevision: 'r2' }, ...(atR1.stages?.slice(1) ?? [])] };
  const { pins, hold } = through({ status }, both);
  assert.deepEqual(revisionsOf(pins), ['db@r2', 'web@r1']);
  assert.equal(pins[1]?.artifact.url, 'http://source/r1');
  assert.deepEqual(hold?.revisions, { 'n/src': 'r2' });
  assert.equal(hold?.message, 'update windows hold back n/src r2 until 2030-01-02T00:00:01Z');
});

test('what is out already is held by nobody, and fetched from where it is served now', () => {
  const moved = { ...pin('db', 'r1'), artifact: artifact('r1', 'http://elsewhere/r1') };
  const { pins, hold, opensAtMs } = through({ status: atR1 }, [moved]);
  assert.equal(hold, undefined);
  assert.equal(pins[0]?.artifact.url, 'http://elsewhere/r1');
  assert.equal(opensAtMs, Date.parse('2030-01-02T00:00:00.5Z'));
});

test('other content under the same revision is held', () => {
  const repacked = { ...pin('db', 'r1'), artifact: { ...artifact('r1'), digest: 'sha256:other' } };
  const { pins, hold } = through({ status: atR1 }, [repacked]);
  assert.equal(pins[0]?.artifact.digest, 'sha256:r1');
  assert.deepEqual(hold?.revisions, { 'n/src': 'r1' });
});

test('a stage that nothing was let out for has no pin, unless another has the same source', () => {
  const newest = [...both, pin('new', 'r2'), pin('far', 'f1', 'other')];
  assert.deepEqual(revisionsOf(through({ status: atR1 }, newest).pins), ['db@r1', 'web@r1', 'new@r1']);
});

test('what a failed run applied is known while the process lives, and lost afterwards', () => {
  const status = { ...atR1, stages: [{ name: 'db', appliedRevision: 'r2' }] };
  const newest = [pin('db', 'r3')];
  const applied = new Map([['db', artifact('r2')]]);
  assert.deepEqual(revisionsOf(through({ status }, newest, { applied }).pins), ['db@r2']);
  const afterwards = through({ status }, newest);
  assert.deepEqual([afterwards.pins, [...afterwards.lost]], [[], [['db', 'r2']]]);
});

test('windowScope All freezes, though nothing waits', () => {
  const waiting = through({ scope: 'All', status: atR1 }, both);
  assert.deepEqual([waiting.frozen, waiting.hold?.revisions], [true, { 'n/src': 'r2' }]);
  const still = through({ scope: 'All', status: atR1 }, [pin('db', 'r1')]);
  assert.deepEqual([still.frozen, still.hold?.revisions], [true, {}]);
  assert.equal(through({ scope: 'All', status: atR1, token: 't' }, both).frozen, false);
});

test('windows that never open are said to', () => {
  const { hold } = through(
    { windows: [{ type: 'Allow', schedule: '0 0 30 2 *', duration: '1h' }], status: atR1 },
    both,
  );
  assert.match(hold?.message ?? '', /r2 and do not open in the foreseeable future$/);
});

test('a new token lets through what there is; spent, nothing', () => {
  const { pins, granted, rolloutId } = through({ token: 't', status: atR1 }, both);
  assert.deepEqual(revisionsOf(pins), ['db@r2', 'web@r2']);
  assert.equal(granted?.override, 't');
  assert.equal(rolloutId, rolloutIdOf({ revisions: { 'n/src': 'r2' }, generation: 1, override: 't' }));
  assert.notEqual(rolloutId, through({ windows: [], status: atR1 }, both).rolloutId);
  const spent = through({ token: 't', status: { ...atR1, lastHandledUpdateOverride: 't' } }, both);
  assert.deepEqual(revisionsOf(spent.pins), ['db@r1', 'web@r1']);
});

const failedAt = (rollout: string, reason = 'StageFailed'): RunOutcome => ({
  rollout,
  reason,
  generation: 1,
  startedAt: '2030-01-01T00:00:00Z',
  duration: '1s',
});
const grantedId = rolloutIdOf({ revisions: { 'n/src': 'r2' }, generation: 1, override: 't' });
const openId = rolloutIdOf({ revisions: { 'n/src': 'r2' }, generation: 1, override: undefined });

// [what, the last outcome, whether the rollout goes on]
const rollouts: readonly (readonly [string, RunOutcome | undefined, boolean])[] = [
  ['one that it was granted to and that failed', failedAt(grantedId), true],
  ['one that has succeeded', failedAt(grantedId, 'Succeeded'), false],
  ['one that failed in open windows', failedAt(openId), false],
  ['one that nobody knows of', undefined, false],
];
for (const [what, last, goesOn] of rollouts) {
  test(`after a restart, a spent token ${goesOn ? 'finishes' : 'does nothing for'} ${what}`, () => {
    const status = { ...atR1, lastHandledUpdateOverride: 't', ...(last && { history: [last] }) };
    // An edit of the spec is no other rollout of these revisions.
    const { pins, granted } = through({ token: 't', status, generation: 2 }, both);
    assert.deepEqual(revisionsOf(pins), goesOn ? ['db@r2', 'web@r2'] : ['db@r1', 'web@r1']);
    assert.equal(granted !== undefined, goesOn);
  });
}

test('what comes while a granted rollout is under way is held', () => {
  const status = { ...atR1, lastHandledUpdateOverride: 't', history: [failedAt(grantedId)] };
  const newest = [pin('db', 'r3'), pin('web', 'r3')];
  const { pins, hold } = through({ status }, newest, { granted: { override: 't', pins: both } });
  assert.deepEqual(revisionsOf(pins), ['db@r2', 'web@r2']);
  assert.deepEqual(hold?.revisions, { 'n/src': 'r3' });
});
