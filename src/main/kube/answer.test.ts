import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAnswer, refusal, warningsIn } from './answer.ts';
import { KubeError } from './errors.ts';

const asked = 'GET https://cluster/api/v1/configmaps';

function answer(status: number, body: string | object, headers = {}) {
  return { status, headers, body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) };
}

test('a Status object speaks for itself', () => {
  const status = {
    kind: 'Status',
    reason: 'Invalid',
    message: 'Deployment "web" is invalid',
    details: { name: 'web', causes: [{ reason: 'FieldValueInvalid', field: 'spec.selector' }] },
  };
  const error = refusal(answer(422, status), asked);
  assert.deepEqual([error.status, error.reason, error.message], [422, 'Invalid', status.message]);
  assert.equal(error.details?.causes?.[0]?.field, 'spec.selector');
});

test('a page from something else on the way is quoted, in short and on one line', () => {
  const error = refusal(answer(502, `<html>\n<h1>Bad gateway</h1>\n${'x'.repeat(5_000)}`), asked);
  assert.equal(error.status, 502);
  assert.match(error.message, /^GET https:\/\/cluster\S+: HTTP 502: <html> <h1>Bad gateway<\/h1> x+$/);
  assert.ok(error.message.length < 300);
});

test('what a tenant calls its cluster may be any server of ours: of its pages nothing is quoted', () => {
  const error = refusal(answer(404, 'payroll of all'), asked, { quoteAnything: false });
  assert.equal(error.message, `${asked}: HTTP 404`);
});

test('an empty refusal still has a reason', () => {
  assert.equal(refusal(answer(403, ''), asked).reason, 'Forbidden');
  assert.equal(refusal(answer(418, ''), asked).reason, 'Unknown');
});

test('an apply that does not fit the schema is invalid, though the server calls it an error of its own', () => {
  const unfit = [
    'failed to create typed patch object (shop/web; apps/v1, Kind=Deployment): .spec.replicas: expected numeric',
    'failed to convert new object (shop/key; /v1, Kind=Secret) to proper version: illegal base64 data at input byte 6',
  ];
  for (const message of unfit) {
    const error = refusal(answer(500, { kind: 'Status', message }), asked);
    assert.deepEqual([error.status, error.reason, error.message], [422, 'Invalid', message]);
  }
  const passing = [
    { reason: 'InternalError', message: 'Internal error occurred: failed calling webhook' },
    { message: 'failed to convert new object (shop/w; example.test/v1) to proper version: conversion webhook failed' },
  ];
  for (const status of passing) {
    assert.equal(refusal(answer(500, { kind: 'Status', ...status }), asked).status, 500);
  }
});

test('when to come back, from the header or from the details', () => {
  assert.equal(refusal(answer(429, '', { 'retry-after': '2' }), asked).retryAfterMs, 2_000);
  assert.equal(refusal(answer(500, { kind: 'Status', details: { retryAfterSeconds: 3 } }), asked).retryAfterMs, 3_000);
  assert.equal(refusal(answer(500, ''), asked).retryAfterMs, undefined);
});

test('a good answer that is not JSON is an error that quotes nothing: it may be a Secret, cut short', () => {
  assert.throws(
    () => readAnswer(answer(200, '{"data":{"password":"aHVudGVyMg=='), asked),
    (error) => error instanceof KubeError && error.reason === 'BadAnswer' && !error.message.includes('aHVudGVyMg'),
  );
});

test('warnings come without their code and agent', () => {
  assert.deepEqual(warningsIn(undefined), []);
  assert.deepEqual(warningsIn('299 - "unknown field \\"spec.x\\""'), ['unknown field "spec.x"']);
  assert.deepEqual(warningsIn(['299 - "a, b", 299 - "c"', '299 kube "d"']), ['a, b', 'c', 'd']);
});
