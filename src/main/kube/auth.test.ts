import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ManualClock } from '../../shared/time/manual-clock.ts';
import { authHeadersFor } from './auth.ts';
import type { KubeconfigUser } from './kubeconfig.ts';

function headersOf(user: KubeconfigUser, clock = new ManualClock()) {
  return authHeadersFor({ cluster: { server: 'https://cluster' }, user, namespace: undefined }, clock);
}

test('a token, a password, nobody', async () => {
  assert.deepEqual(await headersOf({ token: 't', username: 'u' })(), { authorization: 'Bearer t' });
  assert.deepEqual(await headersOf({ username: 'u', password: 'p' })(), { authorization: `Basic ${btoa('u:p')}` });
  assert.deepEqual(await headersOf({})(), {});
});

test('a kubeconfig may itself impersonate', async () => {
  const headers = await headersOf({ token: 't', as: 'robot' })();
  assert.deepEqual(headers, { authorization: 'Bearer t', 'impersonate-user': 'robot' });
  const whole = { as: 'robot', 'as-uid': '7', 'as-groups': ['a', 'b'], 'as-user-extra': { 'x/y': ['z'] } };
  assert.deepEqual(await headersOf(whole)(), {
    'impersonate-user': 'robot',
    'impersonate-uid': '7',
    'impersonate-group': ['a', 'b'],
    'impersonate-extra-x%2Fy': ['z'],
  });
  assert.throws(() => headersOf({ 'as-groups': ['a'] }), /without a user/);
});

test('a token file is read again within a minute, and after a failure at once', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'kube-auth-'));
  t.after(() => rm(folder, { recursive: true }));
  const tokenFile = join(folder, 'token');
  const clock = new ManualClock();
  const headers = headersOf({ tokenFile }, clock);

  await assert.rejects(headers(), /ENOENT/);
  await writeFile(tokenFile, 'one\n');
  assert.deepEqual(await headers(), { authorization: 'Bearer one' });
  await writeFile(tokenFile, 'two\n');
  assert.deepEqual(await headers(), { authorization: 'Bearer one' });
  await clock.advance(60_000);
  assert.deepEqual(await headers(), { authorization: 'Bearer two' });
});

test('an auth provider is answered by client-node', async () => {
  const claims = Buffer.from(JSON.stringify({ exp: 4_102_444_800 })).toString('base64url');
  const idToken = `${Buffer.from('{}').toString('base64url')}.${claims}.sig`;
  const provider = { name: 'oidc', config: { 'id-token': idToken } };
  assert.deepEqual(await headersOf({ 'auth-provider': provider })(), { Authorization: `Bearer ${idToken}` });
});
