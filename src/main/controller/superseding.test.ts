import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StageSet } from '../../shared/api/types.ts';
import type { ObjectMeta } from '../../shared/objects/object.ts';
import { ManualClock } from '../../shared/time/manual-clock.ts';
import { parseFlags } from '../flags/parse.ts';
import { flags } from '../flags/table.ts';
import { ActionPins } from '../source/action-pins.ts';
import { pinsIfUsable } from '../source/pin-sources.ts';
import type { Sources } from '../source/resolve.ts';
import { whatSupersedes } from './superseding.ts';

function stageSet(metadata: Partial<ObjectMeta> = {}): StageSet {
  return {
    apiVersion: 'stages.metio.wtf/v1',
    kind: 'StageSet',
    metadata: { name: 'a', namespace: 'n', uid: 'u', generation: 1, ...metadata },
    spec: { stages: [{ name: 'app', sourceRef: { name: 'src' } }] },
  };
}

const parsed = parseFlags(flags, []);
const settings = parsed.is === 'run' ? parsed.settings : assert.fail();

function worldAt(revision: string | undefined) {
  const sources: Sources = {
    served: () => true,
    get: (kind) =>
      revision === undefined
        ? undefined
        : {
            kind,
            metadata: { name: 'src', namespace: 'n' },
            artifact: { url: '', digest: revision, revision, sizeBytes: undefined },
            ready: { is: 'ready' },
            producer: undefined,
          },
    publishedBy: () => [],
  };
  return { sources, settings, clock: new ManualClock() };
}

const set = stageSet();
const run = { set, pins: pinsIfUsable(set, worldAt('r1')), actionPins: new ActionPins(), override: undefined };

const cases: readonly (readonly [string, string | undefined, StageSet | undefined, string | undefined])[] = [
  ['nothing new', undefined, stageSet({ resourceVersion: '7' }), 'r1'],
  ['a token with spec and revisions unchanged', undefined, stageSet({ annotations: { x: 'y' } }), 'r1'],
  ['a source that has gone', undefined, set, undefined],
  ['a new revision', 'stage "app": revision r1 by r2', set, 'r2'],
  ['a new generation', 'generation 1 by generation 2', stageSet({ generation: 2 }), 'r1'],
  ['deletion', 'the StageSet is being deleted', stageSet({ deletionTimestamp: 'now' }), 'r1'],
  ['a namesake', 'the StageSet is gone', stageSet({ uid: 'v' }), 'r1'],
  ['it is gone', 'the StageSet is gone', undefined, 'r1'],
];
for (const [what, by, now, revision] of cases) {
  test(`${what}: ${by === undefined ? 'the run goes on' : `superseded, ${by}`}`, () => {
    assert.equal(whatSupersedes(run, now, worldAt(revision)), by);
  });
}

const frozen = (token?: string): StageSet => {
  const deny = { type: 'Deny' as const, from: '2020-01-01T00:00:00Z', to: '2099-01-01T00:00:00Z' };
  const withWindow = stageSet(token === undefined ? {} : { annotations: { 'stages.metio.wtf/update-now': token } });
  return { ...withWindow, spec: { ...withWindow.spec, updateWindows: [deny] } };
};

test('a revision that the windows hold back supersedes nothing, until somebody lets it through', () => {
  const held = { ...run, set: frozen(), override: 'seen' };
  assert.equal(whatSupersedes(held, frozen('seen'), worldAt('r2')), undefined);
  assert.equal(whatSupersedes(held, frozen(), worldAt('r2')), undefined);
  assert.equal(whatSupersedes(held, frozen('new'), worldAt('r2')), 'stage "app": revision r1 by r2');
});

test('a teardown is not superseded by anything but the end', () => {
  const deleting = stageSet({ deletionTimestamp: 'now' });
  const tearingDown = { set: deleting, pins: undefined, actionPins: new ActionPins(), override: undefined };
  assert.equal(
    whatSupersedes(tearingDown, stageSet({ deletionTimestamp: 'now', generation: 2 }), worldAt('r2')),
    undefined,
  );
  assert.equal(whatSupersedes(tearingDown, undefined, worldAt('r2')), 'the StageSet is gone');
});

test('the source of an action supersedes only while the action uses it', () => {
  const actionPins = new ActionPins();
  const [pin] = pinsIfUsable(set, worldAt('r1')) ?? [];
  const at = (revision: string | undefined) =>
    whatSupersedes({ set, pins: undefined, actionPins, override: undefined }, set, worldAt(revision));
  const used = actionPins.use(pin!.ref, () => pin!);
  assert.equal(at('r1'), undefined);
  assert.equal(at(undefined), undefined); // gone: what it had is fetched already
  assert.equal(at('r2'), 'ExternalArtifact "src" has moved on from r1');
  used[Symbol.dispose]();
  assert.equal(at('r2'), undefined);
  using again = actionPins.use(pin!.ref, () => assert.fail('one run, one revision'));
  assert.equal(again.pin, pin);
});
