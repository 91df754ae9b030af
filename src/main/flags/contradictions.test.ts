import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contradictionIn } from './contradictions.ts';
import { parseFlags } from './parse.ts';
import { flags } from './table.ts';

function contradiction(...args: readonly string[]): string | undefined {
  const parsed = parseFlags(flags, args);
  return parsed.is === 'run' ? contradictionIn(parsed.settings) : assert.fail();
}

const endpoint = '--rollback-store-s3-endpoint=minio:9000';

test('one rollback store is enough', () => {
  assert.equal(contradiction('--rollback-store-path=/data'), undefined);
  assert.equal(contradiction(endpoint, '--rollback-store-s3-bucket=b'), undefined);
  assert.match(contradiction('--rollback-store-path=/data', endpoint) ?? '', /exclude each other/);
});

test('half of a pair of keys is none', () => {
  const [access, secret] = ['--rollback-store-s3-access-key=a', '--rollback-store-s3-secret-key=b'] as const;
  assert.equal(contradiction(access, secret), undefined);
  for (const half of [access, secret]) assert.match(contradiction(half) ?? '', /go together/);
});
