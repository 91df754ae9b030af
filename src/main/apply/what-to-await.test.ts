import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ReadyChecks } from '../../shared/api/types.ts';
import type { Resource } from '../kube/types.ts';
import { whatToAwait } from './what-to-await.ts';

const applied = [
  'shop_settings__ConfigMap',
  'shop_web_apps_Deployment',
  'shop_main_db.example_Database',
  'shop_copy_db.example_Database',
  'other_main_db.example_Database',
].map((id) => ({ id }));

const clusterScoped = { namespaced: false } as Resource;
const discovery = {
  lookUp: async ({ kind }: { readonly kind: string }) => (kind === 'Namespace' ? clusterScoped : undefined),
};

function awaited(readyChecks: ReadyChecks) {
  const stage = { name: 'app', sourceRef: { name: 'app' }, readyChecks };
  return whatToAwait({ stage, applied, owner: { namespace: 'shop', name: 'it' }, namespace: 'shop', discovery });
}

const database = { apiVersion: 'db.example/v1', kind: 'Database', current: 'true' };
const labelSelector = 'stages.metio.wtf/namespace=shop,stages.metio.wtf/name=it,stages.metio.wtf/stage=app';

test('without checks everything that the stage applied is awaited', async () => {
  const { ids, apart } = await awaited({});
  assert.deepEqual(
    ids,
    applied.map(({ id }) => id),
  );
  assert.deepEqual(apart, []);
});

test('checks take the place of all that: one of ours is watched already, another is awaited apart', async () => {
  const { ids, apart } = await awaited({
    checks: [
      { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace: 'elsewhere' },
      { apiVersion: 'v1', kind: 'ConfigMap', name: 'theirs' },
      { apiVersion: 'v1', kind: 'ConfigMap', name: 'theirs' },
    ],
  });
  assert.deepEqual(ids, ['shop_web_apps_Deployment', 'elsewhere_web_apps_Deployment', 'shop_theirs__ConfigMap']);
  assert.deepEqual(apart, [
    { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'elsewhere', names: ['web'] },
    { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', names: ['theirs'] },
  ]);
});

test('a cluster-scoped kind has no namespace, whatever the check says', async () => {
  const check = { apiVersion: 'v1', kind: 'Namespace', name: 'prod', namespace: 'shop' };
  assert.deepEqual((await awaited({ checks: [check] })).ids, ['_prod__Namespace']);
});

test('kinds with expressions are read apart, a kind and namespace at once, in the version these are written for', async () => {
  const { ids, apart } = await awaited({ exprs: [database] });
  assert.deepEqual(apart, [
    {
      apiVersion: 'db.example/v1',
      kind: 'Database',
      namespace: 'shop',
      names: ['main', 'copy'],
      exprs: database,
      labelSelector,
    },
    { apiVersion: 'db.example/v1', kind: 'Database', namespace: 'other', names: ['main'], exprs: database },
  ]);
  assert.equal(new Set(ids).size, 5);
});

test('the first expressions of a kind count, whatever version they name', async () => {
  const { apart } = await awaited({ exprs: [{ ...database, apiVersion: 'db.example/v2' }, database] });
  assert.deepEqual(
    apart.map(({ apiVersion }) => apiVersion),
    ['db.example/v2', 'db.example/v2'],
  );
});

test('checks do not narrow what expressions judge, and a check of such a kind is judged by them', async () => {
  const { ids, apart } = await awaited({
    exprs: [database],
    checks: [
      { apiVersion: 'db.example/v1', kind: 'Database', name: 'main' },
      { apiVersion: 'db.example/v1', kind: 'Database', name: 'foreign' },
    ],
  });
  assert.deepEqual(ids, [
    'shop_main_db.example_Database',
    'shop_copy_db.example_Database',
    'other_main_db.example_Database',
    'shop_foreign_db.example_Database',
  ]);
  assert.deepEqual(apart.at(-1), {
    apiVersion: 'db.example/v1',
    kind: 'Database',
    namespace: 'shop',
    names: ['foreign'],
    exprs: database,
  });
});
