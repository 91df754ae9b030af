import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StageSet } from '../../shared/api/types.ts';
import { judgeDependencies } from './dependencies.ts';

type Shape = { readonly on?: readonly string[]; readonly ready?: boolean; readonly observed?: number };

function world(shapes: Readonly<Record<string, Shape>>): Map<string, StageSet> {
  return new Map(
    Object.entries(shapes).map(([name, { on = [], ready = true, observed = 2 }]) => [
      `team/${name}`,
      {
        apiVersion: 'stages.metio.wtf/v1',
        kind: 'StageSet',
        metadata: { name, namespace: 'team', generation: 2 },
        spec: { stages: [], dependsOn: on.map((each) => ({ name: each })) },
        status: {
          observedGeneration: observed,
          conditions: [
            {
              type: 'Ready',
              status: ready ? 'True' : 'False',
              reason: 'x',
              message: '',
              lastTransitionTime: '2026-01-01T00:00:00Z',
            },
          ],
        },
      },
    ]),
  );
}

function judge(
  shapes: Readonly<Record<string, Shape>>,
  noCrossNamespaceRefs = false,
  watchNamespaces: readonly string[] = [],
) {
  const sets = world(shapes);
  return judgeDependencies(sets.get('team/a')!, sets, { noCrossNamespaceRefs, watchNamespaces });
}

test('dependencies that are Ready at their generation let a StageSet go', () => {
  assert.deepEqual(judge({ a: { on: ['b', 'c'] }, b: {}, c: { on: ['b'] } }), { is: 'ready' });
});

test('one in a namespace that is not watched holds up, and says why', () => {
  assert.deepEqual(judge({ a: { on: ['b'] }, b: {} }, false, ['bank']), {
    is: 'notReady',
    message:
      'waiting for StageSet "team/b" which is in a namespace that this controller does not watch (--watch-namespaces)',
  });
});

test('each dependency that holds it up is named, with why', () => {
  assert.deepEqual(judge({ a: { on: ['b', 'c', 'd'] }, b: { ready: false }, c: { observed: 1 } }), {
    is: 'notReady',
    message:
      'waiting for StageSet "team/b" which is not Ready, "team/c" which is not Ready at its newest generation yet, "team/d" which does not exist',
  });
});

test('a circle is drawn, however long, and itself alone is one', () => {
  assert.deepEqual(judge({ a: { on: ['b'] }, b: { on: ['c'] }, c: { on: ['a'] } }), {
    is: 'cycle',
    message: 'spec.dependsOn forms a cycle: team/a → team/b → team/c → team/a',
  });
  assert.equal(judge({ a: { on: ['a'] } }).is, 'cycle');
});

test('a circle further down is for its own members to report', () => {
  assert.deepEqual(judge({ a: { on: ['b'] }, b: { on: ['c'] }, c: { on: ['b'] } }), { is: 'ready' });
});

test('of other namespaces nothing is told: neither what is there nor what that depends on', () => {
  const sets = world({ a: {}, here: {} });
  const elsewhere = (name: string, shape: Shape = {}) => {
    const set = world({ [name]: shape }).get(`team/${name}`)!;
    sets.set(`bank/${name}`, { ...set, metadata: { ...set.metadata, namespace: 'bank' } });
  };
  elsewhere('failed', { ready: false });
  elsewhere('stale', { observed: 1 });
  elsewhere('ready');
  const judgeOn = (...names: string[]) => {
    const a = sets.get('team/a')!;
    const dependsOn = names.map((name) => ({ namespace: 'bank', name }));
    return judgeDependencies({ ...a, spec: { ...a.spec, dependsOn } }, sets, {
      noCrossNamespaceRefs: false,
      watchNamespaces: [],
    });
  };
  const told = ['failed', 'stale', 'none'].map((name) => JSON.stringify(judgeOn(name)).replace(name, 'x'));
  assert.equal(new Set(told).size, 1);
  assert.deepEqual(judgeOn('ready'), { is: 'ready' });

  const link = (key: string, to: string) => {
    const set = sets.get(key)!;
    const [namespace, name = ''] = to.split('/');
    sets.set(key, { ...set, spec: { ...set.spec, dependsOn: [{ namespace: namespace!, name }] } });
  };
  link('bank/ready', 'bank/stale');
  link('bank/stale', 'team/a');
  assert.deepEqual(judgeOn('ready'), {
    is: 'cycle',
    message: 'spec.dependsOn forms a cycle: team/a → bank/ready → … → team/a',
  });
});
