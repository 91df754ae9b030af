import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import { StandInApi } from './api.ts';

const path = '/api/v1/namespaces/shop/configmaps/settings';
const settings = (data: object) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', labels: { app: 'shop' } },
  data,
});

function asking(api: StandInApi) {
  return (method: string, at: string, body: object = {}, contentType = 'application/json') => {
    const url = new URL(at, 'http://stand-in');
    const answer = api.answer({ method, url, body: JSON.stringify(body), contentType });
    return { ...answer, object: answer.body as KubeObject & { readonly items?: readonly KubeObject[] } };
  };
}

const apply = 'application/apply-patch+yaml';
const merge = 'application/merge-patch+json';

test('an apply creates, changes nothing when it is sent again, and says whose the fields are', () => {
  const ask = asking(new StandInApi());
  const first = ask('PATCH', `${path}?fieldManager=us`, settings({ a: '1' }), apply);
  assert.equal(first.status, 201);
  assert.equal(first.what, 'patch configmaps');
  assert.deepEqual(
    first.object.metadata.managedFields?.map(({ manager, operation, fieldsV1 }) => [manager, operation, fieldsV1]),
    [['us', 'Apply', { 'f:data': { 'f:a': {} }, 'f:metadata': { 'f:labels': { 'f:app': {} } } }]],
  );
  const again = ask('PATCH', `${path}?fieldManager=us`, settings({ a: '1' }), apply);
  assert.deepEqual([again.status, again.object], [200, first.object]);
  const changed = ask('PATCH', `${path}?fieldManager=us`, settings({ a: '2' }), apply);
  assert.notEqual(changed.object.metadata.resourceVersion, first.object.metadata.resourceVersion);
  assert.equal(changed.object.metadata.uid, first.object.metadata.uid);
});

test('a dry run shows and stores nothing', () => {
  const ask = asking(new StandInApi());
  const shown = ask('PATCH', `${path}?fieldManager=us&dryRun=All`, settings({ a: '1' }), apply);
  assert.deepEqual([shown.status, shown.what], [200, 'patch configmaps (dry run)']);
  assert.equal(ask('GET', path).status, 404);
});

test('a status is its own: it moves no generation, and a spec moves no status', () => {
  const ask = asking(new StandInApi());
  const sets = '/apis/stages.metio.wtf/v1/namespaces/shop/stagesets';
  const spec = { stages: [] };
  assert.equal(
    ask('POST', sets, { metadata: { name: 'shop', namespace: 'shop' }, spec, status: { a: 1 } }).status,
    201,
  );
  const told = ask('PATCH', `${sets}/shop/status`, { status: { phase: 'Ready' }, spec: { interval: '1s' } }, merge);
  assert.equal(told.what, 'patch stagesets/status');
  assert.deepEqual([told.object.spec, told.object.metadata.generation], [spec, 1]);
  const edited = ask('PATCH', `${sets}/shop`, { spec: { interval: '1h' }, status: null }, merge);
  assert.equal(edited.object.metadata.generation, 2);
  assert.deepEqual((edited.object as { readonly status?: unknown }).status, { a: 1, phase: 'Ready' });
});

test('who writes over what they have not seen is refused, as is a second creation', () => {
  const ask = asking(new StandInApi());
  ask('PATCH', path, settings({ a: '1' }), apply);
  const stale = { metadata: { resourceVersion: '1' }, data: { a: '2' } };
  assert.equal(ask('PATCH', path, stale, merge).status, 409);
  assert.equal(ask('POST', '/api/v1/namespaces/shop/configmaps', settings({})).status, 409);
});

test('lists are of a namespace and of labels, deleted objects are not in them', () => {
  const ask = asking(new StandInApi());
  ask('PATCH', path, settings({}), apply);
  ask('PATCH', path.replace('shop', 'other'), settings({}), apply);
  const count = (at: string) => ask('GET', at).object.items?.length;
  assert.equal(count('/api/v1/configmaps'), 2);
  assert.equal(count('/api/v1/namespaces/shop/configmaps?labelSelector=app'), 1);
  assert.equal(count('/api/v1/configmaps?labelSelector=app%3Dshop'), 2);
  assert.equal(count('/api/v1/configmaps?labelSelector=app%3Dother'), 0);
  ask('DELETE', path);
  assert.equal(count('/api/v1/configmaps'), 1);
});
