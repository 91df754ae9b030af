import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type KubeRequest, unleased } from './types.ts';
import { verbOf } from './verb.ts';

const object = '/api/v1/namespaces/shop/configmaps/a';
const collection = '/api/v1/namespaces/shop/configmaps';
const write = { lease: unleased };

const cases: readonly [KubeRequest, string][] = [
  [{ method: 'GET', path: object }, 'get'],
  [{ method: 'GET', path: collection }, 'list'],
  [{ method: 'GET', path: collection, query: { watch: 'true' } }, 'watch'],
  [{ ...write, method: 'POST', path: collection }, 'create'],
  [{ ...write, method: 'PUT', path: object }, 'update'],
  [{ ...write, method: 'PATCH', path: object, contentType: 'application/apply-patch+yaml' }, 'apply'],
  [{ ...write, method: 'PATCH', path: object, contentType: 'application/merge-patch+json' }, 'patch'],
  [{ ...write, method: 'DELETE', path: object }, 'delete'],
];

test('requests are counted by what they do', () => {
  for (const [request, verb] of cases) assert.equal(verbOf(request), verb);
});
