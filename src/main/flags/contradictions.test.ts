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

for (const [name, wrong, right] of [
  ['a session token without its key', ['--rollback-store-s3-session-token=t'], []],
  [
    'keys of nobody',
    ['--rollback-store-s3-anonymous', '--rollback-store-s3-access-key=a', '--rollback-store-s3-secret-key=b'],
    ['--rollback-store-s3-anonymous'],
  ],
  [
    'a KMS key without KMS',
    ['--rollback-store-s3-sse-kms-key=k'],
    ['--rollback-store-s3-sse-kms-key=k', '--rollback-store-s3-sse=kms'],
  ],
  ['more workers than may be', ['--workers=8', '--workers-max=4'], ['--workers=4', '--workers-max=4']],
  ['a burst of no rate', ['--kube-api-burst=5'], ['--kube-api-burst=5', '--kube-api-qps=5']],
  [
    'a CA for no configuration',
    ['--webhook-cert-mode=self-signed'],
    ['--webhook-cert-mode=self-signed', '--enable-webhook=false'],
  ],
  ['mutations without MCP', ['--mcp-allow-mutations'], ['--mcp-allow-mutations', '--enable-mcp']],
  ['a level said twice', ['--log-level=info', '--zap-log-level=info'], ['--zap-log-level=info']],
  ['an encoding said twice', ['--log-encoding=json', '--zap-encoder=json'], ['--zap-encoder=json']],
  ['two servers at one address', ['--gate-bind-address=:8080'], ['--gate-bind-address=:8090']],
  [
    'a server on every interface and another at its port',
    ['--gate-bind-address=0.0.0.0:8080'],
    ['--gate-bind-address=127.0.0.2:8080', '--metrics-bind-address=127.0.0.1:8080'],
  ],
  ['the webhook’s port on one interface', ['--gate-bind-address=127.0.0.1:9443'], ['--gate-bind-address=:0']],
  [
    'a server at the webhook’s port',
    ['--gate-bind-address=:9443'],
    ['--gate-bind-address=:9443', '--enable-webhook=false'],
  ],
] as const) {
  test(`${name} is refused in one line that names a flag`, () => {
    assert.match(contradiction(...wrong) ?? '', /^(?=.*--).+$/);
    assert.equal(contradiction(...right), undefined);
  });
}
