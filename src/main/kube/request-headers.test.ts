import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headersFor, identityOf, pathWithQuery, refuseEmptyUser } from './request-headers.ts';
import { unleased } from './types.ts';

const collection = '/api/v1/configmaps';
const object = '/api/v1/namespaces/shop/configmaps/a';

test('metadata is asked for in the form that fits: list, object, or the objects of a watch', () => {
  const accept = (path: string, query = {}) => headersFor({ method: 'GET', path, query, answer: 'metadata' }).accept;
  assert.match(accept(collection) ?? '', /as=PartialObjectMetadataList;/);
  assert.match(accept(object) ?? '', /as=PartialObjectMetadata;/);
  assert.match(accept(collection, { watch: 'true' }) ?? '', /as=PartialObjectMetadata;/);
  assert.equal(headersFor({ method: 'GET', path: object }).accept, 'application/json');
});

test('what is created in a collection comes back as one object', () => {
  const { accept } = headersFor({ method: 'POST', path: collection, lease: unleased, body: '{}', answer: 'metadata' });
  assert.match(accept ?? '', /as=PartialObjectMetadata;/);
});

test('only a body has a type', () => {
  assert.deepEqual(Object.keys(headersFor({ method: 'GET', path: object })), ['accept']);
  const headers = headersFor({
    method: 'POST',
    path: collection,
    lease: unleased,
    body: '{}',
  });
  assert.equal(headers['content-type'], 'application/json');
});

test('nobody cannot be impersonated', () => {
  for (const as of ['', ' ', 'system:serviceaccount:shop:', 'system:serviceaccount::robot']) {
    assert.throws(() => refuseEmptyUser({ method: 'GET', path: object, as }), RangeError);
  }
  refuseEmptyUser({ method: 'GET', path: object });
});

test('a query is encoded', () => {
  assert.equal(pathWithQuery(object, undefined), object);
  assert.equal(pathWithQuery(object, {}), object);
  assert.equal(
    pathWithQuery(collection, { labelSelector: 'a=b,c in (d)' }),
    `${collection}?labelSelector=a%3Db%2Cc+in+%28d%29`,
  );
});

test('a request that stands in for someone carries no group of whom its credentials stand in for', () => {
  const credentials = {
    authorization: 'Bearer t',
    'impersonate-user': 'admin',
    'impersonate-group': ['system:masters'],
  };
  const request = { method: 'GET', path: object } as const;
  assert.deepEqual(identityOf({ ...request, as: 'guest' }, credentials), {
    authorization: 'Bearer t',
    'impersonate-user': 'guest',
  });
  assert.deepEqual(identityOf(request, credentials), credentials);
});
