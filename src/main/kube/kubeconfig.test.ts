import assert from 'node:assert/strict';
import { test } from 'node:test';
import { destinationOf, mergeKubeconfigs, readKubeconfig, resolvePaths } from './kubeconfig.ts';

const laptop = {
  'current-context': 'dev',
  contexts: [
    { name: 'dev', context: { cluster: 'dev', user: 'me', namespace: 'shop' } },
    { name: 'prod', context: { cluster: 'prod' } },
    { name: 'broken', context: { cluster: 'gone', user: 'me' } },
  ],
  clusters: [
    { name: 'dev', cluster: { server: 'https://dev', 'certificate-authority': 'ca.crt' } },
    { name: 'prod', cluster: { server: 'https://prod' } },
  ],
  users: [{ name: 'me', user: { tokenFile: '/abs/token', exec: { command: './bin/login' } } }],
};

test('a context leads to a cluster, a user and a namespace', () => {
  const config = readKubeconfig(laptop);
  const dev = destinationOf(config);
  assert.deepEqual([dev.cluster.server, dev.user.tokenFile, dev.namespace], ['https://dev', '/abs/token', 'shop']);
  assert.deepEqual(destinationOf(config, { context: 'prod' }).user, {});
});

test('what is missing is named, with what there is', () => {
  const config = readKubeconfig(laptop);
  assert.throws(
    () => destinationOf(config, { context: 'none' }),
    /no context "none" \(it has: "dev", "prod", "broken"\)/,
  );
  assert.throws(() => destinationOf(config, { context: 'broken' }), /no cluster "gone"/);
  assert.throws(() => destinationOf(readKubeconfig({})), /no current-context/);
});

test('what is null is not there', () => {
  const config = readKubeconfig({ ...laptop, users: [{ name: 'me', user: { token: 't', 'as-groups': null } }] });
  assert.deepEqual(destinationOf(config).user, { token: 't' });
});

test('what is not a kubeconfig is refused in words, without a value', () => {
  assert.throws(() => readKubeconfig('just text'), /is not a mapping/);
  assert.throws(() => readKubeconfig({ users: {} }), /users is not a list/);
  assert.throws(() => readKubeconfig({ users: [{ user: {} }] }), /users\[0\] needs a name and a user/);
  assert.throws(
    () => readKubeconfig({ users: [{ name: 'me', user: { token: 12_345 } }] }),
    (error: Error) => /users\[0\]\.user\.token must be quoted/.test(error.message) && !error.message.includes('12345'),
  );
});

test('paths are relative to the file, a bare command to PATH', () => {
  const resolved = resolvePaths(readKubeconfig(laptop), '/home/me/.kube');
  const { cluster, user } = destinationOf(resolved);
  assert.equal(cluster['certificate-authority'], '/home/me/.kube/ca.crt');
  assert.equal(user.tokenFile, '/abs/token');
  assert.equal(user.exec?.command, '/home/me/.kube/bin/login');

  const bare = readKubeconfig({ users: [{ name: 'me', user: { exec: { command: 'aws' } } }] });
  assert.equal(resolvePaths(bare, '/x').users[0]?.is.exec?.command, 'aws');
});

test('of several files the first to name something counts', () => {
  const override = readKubeconfig({
    clusters: [{ name: 'dev', cluster: { server: 'https://mine' } }],
    users: null,
  });
  const merged = mergeKubeconfigs([override, readKubeconfig(laptop)]);
  assert.equal(destinationOf(merged).cluster.server, 'https://mine');
});
