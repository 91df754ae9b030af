import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readReview, writeReview } from './review.ts';

const request = { uid: 'u', operation: 'CREATE', kind: { group: 'g', version: 'v', kind: 'K' }, object: { a: 1 } };
const review = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request };

test('a review is read for what is of use', () => {
  assert.deepEqual(readReview(JSON.stringify(review)), { ...request, subResource: '', oldObject: undefined });
});

test('what it is about is text, whatever was sent', () => {
  const kind = { group: ['g'], version: 1, kind: { toString: 1 } };
  const read = readReview(JSON.stringify({ ...review, request: { ...request, kind, subResource: {} } }));
  assert.ok(!('problem' in read));
  assert.deepEqual([read.kind, read.subResource], [{ group: '', version: '', kind: '' }, '']);
});

const broken: readonly (readonly [string, RegExp])[] = [
  ['', /not JSON/],
  ['{"kind": "AdmissionReview"', /not JSON/],
  ['null', /not an AdmissionReview/],
  ['[]', /not an AdmissionReview/],
  [JSON.stringify({ ...review, kind: 'TokenReview' }), /not an AdmissionReview/],
  [
    JSON.stringify({ ...review, apiVersion: 'admission.k8s.io/v1beta1' }),
    /only an AdmissionReview of admission.k8s.io\/v1 /,
  ],
  [JSON.stringify({ ...review, request: undefined }), /no request/],
  [JSON.stringify({ ...review, request: 'x' }), /no request/],
  [JSON.stringify({ ...review, request: { ...request, uid: 7 } }), /no request with a uid/],
  [JSON.stringify({ ...review, request: { ...request, operation: undefined } }), /no operation/],
];

for (const [text, problem] of broken) {
  test(`${text.slice(0, 60) || 'nothing'} is no review`, () => {
    const read = readReview(text);
    assert.ok('problem' in read);
    assert.match(read.problem, problem);
  });
}

test('an answer carries the uid, and warnings only where there are some', () => {
  const answered = (verdict: Parameters<typeof writeReview>[1]) => JSON.parse(writeReview('u', verdict)).response;
  assert.deepEqual(answered({ allowed: true, warnings: [] }), { uid: 'u', allowed: true });
  assert.deepEqual(answered({ allowed: true, warnings: ['w'] }), { uid: 'u', allowed: true, warnings: ['w'] });
  const denial = { code: 422, reason: 'Invalid', message: 'no' };
  assert.deepEqual(answered({ allowed: false, denial }), { uid: 'u', allowed: false, status: denial });
});
