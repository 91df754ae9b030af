import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { KubeconfigRefused, tenantDestination } from './tenant-kubeconfig.ts';

const strict = { outbound: { allowLoopback: false, allowLinkLocal: false }, allowInsecureTls: false };

const secret = 's3cr3t';

function kubeconfig(user: object, cluster: object = {}, rest: object = {}): string {
  return JSON.stringify({
    'current-context': secret,
    contexts: [{ name: secret, context: { cluster: secret, user: secret } }],
    clusters: [{ name: secret, cluster: { server: `https://${secret}.example.org:6443`, ...cluster } }],
    users: [{ name: secret, user }],
    ...rest,
  });
}

test('a server, a CA, and a token, a client certificate or a password, all inline', () => {
  const ca = { 'certificate-authority-data': 'Q0E=', 'tls-server-name': 'api' };
  assert.equal(tenantDestination(kubeconfig({ token: 't' }, ca), strict).user.token, 't');
  tenantDestination(kubeconfig({ 'client-certificate-data': 'Qw==', 'client-key-data': 'Sw==' }), strict);
  tenantDestination(kubeconfig({ username: 'u', password: 'p' }), strict);
  tenantDestination(kubeconfig({ token: 't' }, { 'proxy-url': 'http://10.0.0.1:3128' }), strict);
  tenantDestination(
    kubeconfig({ token: 't' }, {}, { contexts: [{ name: secret, context: { cluster: secret } }] }),
    strict,
  );
});

test('what the current context does not use does no harm', () => {
  const users = [
    { name: secret, user: { token: 't' } },
    { name: 'other', user: { exec: { command: 'aws' } } },
  ];
  assert.equal(tenantDestination(kubeconfig({}, {}, { users }), strict).user.token, 't');
});

const refused: readonly [field: string, user: object, cluster?: object, rest?: object][] = [
  ['exec', { exec: { command: secret, apiVersion: 'client.authentication.k8s.io/v1' } }],
  ['auth-provider', { 'auth-provider': { name: secret } }],
  ['tokenFile', { tokenFile: `/${secret}` }],
  ['tokenFile', { token: 't', tokenFile: `/${secret}` }],
  ['client-certificate', { 'client-certificate': `/${secret}` }],
  ['client-key', { 'client-key': `/${secret}` }],
  ['certificate-authority', {}, { 'certificate-authority': `/${secret}` }],
  ['insecure-skip-tls-verify', {}, { 'insecure-skip-tls-verify': true }],
  ['insecure-skip-tls-verify', {}, { 'insecure-skip-tls-verify': 'true' }],
  ['server without TLS', {}, { server: `http://${secret}.example.org` }],
  ['server that is not allowed: it is a loopback address', {}, { server: 'https://127.0.0.1:6443' }],
  ['server that is not allowed: it is a loopback address', {}, { server: 'https://[::ffff:7f00:1]:6443' }],
  ['server that is not allowed: it is a loopback address', {}, { server: 'https://2130706433' }],
  ['server that is not allowed: it is a cloud metadata address', {}, { server: 'https://169.254.169.254' }],
  ['server', {}, { server: '' }],
  ['server', {}, { server: `file:///${secret}` }],
  ['server', {}, { server: { [secret]: secret } }],
  ['proxy-url that is not allowed: it is a loopback address', {}, { 'proxy-url': 'http://127.0.0.1:3128' }],
  ['proxy-url', {}, { 'proxy-url': `socks5://${secret}` }],
  ['token that is not a plain text', { token: { [secret]: secret } }],
  ['token that is not a plain text', { token: `${secret}\u0000` }],
  ['username that is not a plain text', { username: [secret] }],
  ['as that is not a plain text', { as: true }],
  ['as-groups', { as: 'me', 'as-groups': secret }],
  ['as-user-extra', { as: 'me', 'as-user-extra': { scopes: secret } }],
  ['current-context', {}, {}, { 'current-context': undefined }],
  ['current-context', {}, {}, { 'current-context': `${secret}2` }],
  ['context names no cluster', {}, {}, { clusters: [] }],
  ['context names no user', {}, {}, { users: [] }],
  ['users is not a list', {}, {}, { users: secret }],
  ['users[0] needs a name and a user', {}, {}, { users: [secret] }],
];

describe('refused by name, and nothing is quoted', () => {
  for (const [field, user, cluster, rest] of refused) {
    test(`${field}: ${JSON.stringify({ user, ...cluster, ...rest }).slice(0, 80)}`, () => {
      const error = refusalFor(kubeconfig(user, cluster, rest));
      assert.ok(error.message.includes(field), error.message);
      assert.ok(!error.message.includes(secret), error.message);
    });
  }

  test('what is no kubeconfig at all', () => {
    for (const text of ['', secret, `- ${secret}`, `{${secret}`, `${secret}: [`, '['.repeat(100_000)]) {
      assert.ok(!refusalFor(text).message.includes(secret));
    }
    assert.match(refusalFor(`#${'x'.repeat(300_000)}`).message, /longer than 256 KiB/);
  });

  test('everything that is wrong at once', () => {
    const { message } = refusalFor(kubeconfig({ exec: {}, tokenFile: '/x' }, { 'insecure-skip-tls-verify': true }));
    assert.match(message, /insecure-skip-tls-verify .*exec .*tokenFile/);
  });
});

test('with --insecure-kubeconfig-tls a server need not prove who it is', () => {
  const lax = { ...strict, allowInsecureTls: true };
  tenantDestination(kubeconfig({ token: 't' }, { 'insecure-skip-tls-verify': true }), lax);
  tenantDestination(kubeconfig({ token: 't' }, { server: 'http://api.example.org' }), lax);
});

function refusalFor(text: string): Error {
  try {
    tenantDestination(text, strict);
  } catch (error) {
    assert.ok(error instanceof KubeconfigRefused, String(error));
    return error;
  }
  throw new Error('it was not refused');
}
