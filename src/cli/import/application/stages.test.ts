import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Stage } from '../../../shared/api/types.ts';
import type { YamlMap } from '../../../shared/yaml/yaml-value.ts';
import { Input } from '../input.ts';
import { hookFilesOf } from './hook-files.ts';
import { manifestOf } from './manifest.ts';
import { stagesOf, withActions } from './stages.ts';

const base: Stage = { name: 'web', sourceRef: { kind: 'GitRepository', name: 'web' }, path: './deploy/' };

function object(kind: string, name: string, annotations: Readonly<Record<string, string>> = {}): YamlMap {
  const apiVersion = ({ Job: 'batch/v1', Deployment: 'apps/v1' } as Readonly<Record<string, string>>)[kind] ?? 'v1';
  return { apiVersion, kind, metadata: { name, annotations } };
}
const wave = (number: string) => ({ 'argocd.argoproj.io/sync-wave': number });
const hook = (phase: string) => ({ 'argocd.argoproj.io/hook': phase });

function ordered(...objects: readonly YamlMap[]) {
  const input = new Input({});
  const staged = stagesOf(base, objects.map(manifestOf), input);
  const stages = withActions([staged]);
  return { stages, staged, noted: input.notes.map(({ field }) => field) };
}

const actionsOf = (stages: readonly Stage[]) =>
  stages.map(({ name, actions = {} }) => [
    name,
    Object.fromEntries(Object.entries(actions).map(([hookName, list]) => [hookName, list?.map((each) => each.name)])),
  ]);

test('without waves and hooks the stage stays as it is', () => {
  assert.deepEqual(ordered(object('ConfigMap', 'a')).stages, [base]);
});

const k = 'argocd.argoproj.io/sync-wave';

/** Waves, and by which annotation or name each stage leaves objects out. */
const filters: readonly (readonly [readonly number[], Readonly<Record<string, readonly (string | undefined)[]>>])[] = [
  [[3], { web: [] }],
  [[0, 5], { 'web-wave-0': [`${k}>0`], 'web-wave-5': [`!${k}`, `${k}<1`] }],
  [[-1, 5], { 'web-wave-minus-1': [`!${k}`, `${k}=0`, `${k}>0`], 'web-wave-5': [`${k}<0`] }],
  [
    [0, 2, 5],
    { 'web-wave-0': [`${k}>0`], 'web-wave-2': [`!${k}`, `${k}<1`, `${k}>2`], 'web-wave-5': [`!${k}`, `${k}<3`] },
  ],
  [
    [-3, -1, 0],
    {
      'web-wave-minus-3': [`!${k}`, `${k}=0`, `${k}>0`, 'at--1'],
      'web-wave-minus-1': [`!${k}`, `${k}=0`, `${k}>0`, 'at--3'],
      'web-wave-0': [`${k}<0`],
    },
  ],
  [[-3, -2], { 'web-wave-minus-3': [`!${k}`, `${k}=0`, `${k}>0`, 'at--2'], 'web-wave-minus-2': ['at--3'] }],
];

for (const [waves, wanted] of filters) {
  test(`waves ${waves.join(', ')} become stages, first to last`, () => {
    const { stages } = ordered(
      ...waves.toReversed().map((each) => object('ConfigMap', `at-${each}`, wave(String(each)))),
    );
    const found = stages.map(({ name, patches = [] }) => [
      name,
      patches.map(({ target }) => target?.annotationSelector ?? target?.name),
    ]);
    assert.deepEqual(found, Object.entries(wanted));
  });
}

test('a wave that is no integer is 0, as for Argo CD, and in one stage only', () => {
  const odd = ['x', ' 3 ', '', '1.5', '-0'];
  const { stages, noted } = ordered(
    object('ConfigMap', 'first', wave('-1')),
    object('ConfigMap', 'plain'),
    object('ConfigMap', 'last', wave('+2')),
    ...odd.map((text, index) => object('ConfigMap', `odd-${index}`, wave(text))),
    object('ConfigMap', 'heavy', { 'helm.sh/hook-weight': '4' }),
    object('Job', 'hook', { ...hook('PreSync'), ...wave('x'), 'helm.sh/hook-weight': '7' }),
  );
  const namedIn = ({ patches = [] }: Stage) => patches.flatMap(({ target }) => target?.name ?? []);
  const all = odd.map((_, index) => `odd-${index}`);
  assert.deepEqual(
    stages.map((stage) => [stage.name, namedIn(stage)]),
    [
      ['web-wave-minus-1', all],
      ['web-wave-0', []],
      ['web-wave-2', all],
    ],
  );
  assert.deepEqual(
    noted.filter((field) => field.includes(':')),
    [
      ...all.slice(0, 4).map((name) => `ConfigMap ${name}: ${k}`),
      'ConfigMap heavy: helm.sh/hook-weight',
      `Job hook: ${k}`,
    ],
  );
});

test('hooks become actions where it is their turn', () => {
  const { stages, noted } = ordered(
    object('Deployment', 'db'),
    object('Deployment', 'web', wave('5')),
    object('Job', 'migrate', hook('PreSync')),
    object('Job', 'seed', { ...hook('Sync'), ...wave('3') }),
    object('Job', 'check', { ...hook('PostSync'), ...wave('-1') }),
    object('ConfigMap', 'after', hook('PostSync')),
    object('Job', 'tell', hook('SyncFail')),
    object('Job', 'never', hook('Skip')),
    object('Job', 'last', hook('PostDelete')),
  );
  assert.deepEqual(actionsOf(stages), [
    ['web-wave-0', { pre: ['presync'], post: ['sync'], onFailure: ['syncfail'] }],
    ['web-wave-5', { post: ['postsync-wave-minus-1', 'postsync-wave-0'], onFailure: ['syncfail'] }],
  ]);
  const { sourceRef } = base;
  assert.deepEqual(stages[0]?.actions?.pre, [{ name: 'presync', job: { sourceRef, path: 'deploy-hooks/presync' } }]);
  assert.deepEqual(stages[1]?.actions?.post?.[1], {
    name: 'postsync-wave-0',
    apply: { sourceRef, path: 'deploy-hooks/postsync-wave-0', wait: true },
  });
  assert.equal(stages[0]?.patches?.[0]?.target?.annotationSelector, 'argocd.argoproj.io/hook');
  assert.deepEqual(noted, ['Job migrate', 'Job seed', 'sync', 'Job check', 'ConfigMap after', 'Job tell', 'Job last']);
});

test("Helm's hooks count as Argo CD counts them, and are left out of the stage", () => {
  const { stages, noted } = ordered(
    object('ConfigMap', 'a'),
    object('Job', 'first', { 'helm.sh/hook': 'pre-install,pre-upgrade', 'helm.sh/hook-weight': '-5' }),
    object('Job', 'second', { 'helm.sh/hook': 'pre-upgrade', 'helm.sh/hook-delete-policy': 'hook-failed' }),
    object('Job', 'test', { 'helm.sh/hook': 'test' }),
    object('ConfigMap', 'definition', { 'helm.sh/hook': 'crd-install' }),
  );
  assert.deepEqual(actionsOf(stages), [['web', { pre: ['presync-wave-minus-5', 'presync-wave-0'] }]]);
  assert.equal(stages[0]?.applyHelmHookResources, false);
  assert.deepEqual(noted, ['Job first', 'Job second', 'Job second', 'Job test', 'ConfigMap definition']);
});

test('options of single objects become patches and rules', () => {
  const options = (text: string) => ({ 'argocd.argoproj.io/sync-options': text });
  const { stages, noted } = ordered(
    object('Deployment', 'a.b', options('Prune=false,ServerSideApply=true')),
    object('ConfigMap', 'kept', { 'helm.sh/resource-policy': 'keep' }),
    object('Job', 'c', options('Force=true,Replace=true')),
    object('PersistentVolumeClaim', 'd', options('Force=true')),
    object('ConfigMap', 'e', {
      ...options('Validate=false'),
      'argocd.argoproj.io/compare-options': 'IgnoreExtraneous',
    }),
  );
  assert.deepEqual(
    stages[0]?.patches?.map(({ target }) => target),
    [
      { group: 'apps', kind: 'Deployment', name: 'a\\.b' },
      { kind: 'ConfigMap', name: 'kept' },
    ],
  );
  assert.match(stages[0]?.patches?.[0]?.patch ?? '', /stages\.metio\.wtf\/prune: disabled/);
  assert.deepEqual(stages[0]?.conflictPolicy, {
    rules: [{ target: { apiVersion: 'batch/v1', kind: 'Job', name: 'c' }, action: 'Recreate' }],
  });
  assert.deepEqual(noted, [
    'PersistentVolumeClaim d: Force=true',
    'ConfigMap e: Validate=false',
    'ConfigMap e: argocd.argoproj.io/compare-options',
  ]);
});

test('a hook that lies apart is an object like any other', () => {
  const { staged } = ordered({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { generateName: 'migrate-', annotations: { ...hook('PreSync'), owner: 'a' } },
    spec: {},
  });
  assert.deepEqual(hookFilesOf('web', staged.hooks), [
    {
      stage: 'web',
      path: 'deploy-hooks/presync/job-migrate.yaml',
      text: 'apiVersion: batch/v1\nkind: Job\nmetadata:\n  annotations:\n    owner: a\n  name: migrate\nspec: {}\n',
    },
  ]);
});

test('in the root of a source the folder of hooks lies below what is rendered, which is noted', () => {
  const input = new Input({});
  const { hooks } = stagesOf({ ...base, path: '.' }, [manifestOf(object('Job', 'x', hook('PreSync')))], input);
  assert.equal(hooks[0]?.folder, 'hooks/presync');
  assert.ok(input.notes.some(({ field }) => field === 'the folder hooks'));
});
