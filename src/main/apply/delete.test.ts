import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KubeError } from '../kube/errors.ts';
import { NotDeleted } from './delete.ts';

const denied = new KubeError({
  status: 403,
  reason: 'Forbidden',
  message: 'admission webhook "keep" denied the request: hunter2',
});

test('why an object could not be deleted is told in the server’s words, but for a Secret', () => {
  const failures = ['n_a__ConfigMap', 'n_s__Secret'].map((id) => ({ object: { id, apiVersion: 'v1' }, error: denied }));
  const message =
    'cannot delete ConfigMap n/a: admission webhook "keep" denied the request: hunter2; Secret n/s: refused (Forbidden)';
  assert.equal(new NotDeleted(failures).message, message);
});
