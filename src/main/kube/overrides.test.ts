import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readKubeconfig } from './kubeconfig.ts';
import { destinationWithoutFiles, overriddenDestination } from './overrides.ts';

const files = readKubeconfig({
  'current-context': 'dev',
  contexts: [
    { name: 'dev', context: { cluster: 'dev', user: 'me', namespace: 'shop' } },
    { name: 'prod', context: { cluster: 'prod', user: 'me' } },
  ],
  clusters: [
    { name: 'dev', cluster: { server: 'https://dev', 'certificate-authority-data': 'Q0E=', 'tls-server-name': 'dev' } },
    { name: 'prod', cluster: { server: 'https://prod' } },
  ],
  users: [
    { name: 'me', user: { exec: { command: 'login' }, 'client-key-data': 'a2V5', as: 'admin', 'as-groups': ['ops'] } },
    { name: 'other', user: { token: 't' } },
  ],
});

test('a command line chooses context, cluster and user each by itself', () => {
  assert.equal(overriddenDestination(files, { context: 'prod' }).cluster.server, 'https://prod');
  const mixed = overriddenDestination(files, { cluster: 'prod', user: 'other' });
  assert.deepEqual(mixed, { cluster: { server: 'https://prod' }, user: { token: 't' }, namespace: 'shop' });
  assert.throws(() => overriddenDestination(files, { user: 'none' }), /no user "none" \(it has: "me", "other"\)/);
});

test('another server keeps its trust, not its name; another trust takes the place of the old one', () => {
  const moved = overriddenDestination(files, { clusterFields: { server: 'https://moved' } });
  assert.deepEqual(moved.cluster, { server: 'https://moved', 'certificate-authority-data': 'Q0E=' });
  const trusting = overriddenDestination(files, { clusterFields: { 'certificate-authority': '/ca' } });
  assert.deepEqual(trusting.cluster, {
    server: 'https://dev',
    'tls-server-name': 'dev',
    'certificate-authority': '/ca',
  });
});

test('a token takes the place of a plugin, a key that of its data', () => {
  const { user } = overriddenDestination(files, { userFields: { token: 'mine', 'client-key': '/key' } });
  assert.deepEqual(user, { token: 'mine', 'client-key': '/key', as: 'admin', 'as-groups': ['ops'] });
});

test('who is stood in for is one person: no group of another is left', () => {
  assert.deepEqual(overriddenDestination(files, { user: 'me', userFields: { as: 'guest' } }).user, {
    exec: { command: 'login' },
    'client-key-data': 'a2V5',
    as: 'guest',
  });
});

test('a server needs no file', () => {
  const destination = destinationWithoutFiles({
    clusterFields: { server: 'https://here' },
    userFields: { token: 't' },
  });
  assert.deepEqual(destination, { cluster: { server: 'https://here' }, user: { token: 't' }, namespace: undefined });
  assert.equal(destinationWithoutFiles({ userFields: { token: 't' } }), undefined);
});
