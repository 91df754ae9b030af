import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { digests, digestsFile } from './digests.ts';

test('the tables are what this generator made: else run tools/kustomize-tables/renew.ts', () => {
  assert.equal(digests(), readFileSync(digestsFile, 'utf8'));
});
