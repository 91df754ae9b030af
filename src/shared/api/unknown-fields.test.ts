import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unknownFields } from './unknown-fields.ts';

test('a field that the schema does not know is named by its path', () => {
  const stage = {
    name: 'a',
    sourceRef: { name: 'a', nmae: 'b' },
    postbuild: {},
    postBuild: { substitute: { ANY: '1' } },
  };
  assert.deepEqual(unknownFields({ intervall: '1m', stages: [stage, { constructor: 1 }] }), [
    'spec.intervall',
    'spec.stages[0].sourceRef.nmae',
    'spec.stages[0].postbuild',
    'spec.stages[1].constructor',
  ]);
});

test('what has another shape than it should is none of this', () => {
  assert.deepEqual(unknownFields('text'), []);
  assert.deepEqual(unknownFields({ stages: { name: 'a' }, decryption: null }), []);
});
