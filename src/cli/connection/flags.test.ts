import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command } from 'commander';
import { addConnectionFlags, type ConnectionFlags, namespaceOf, requestTimeoutMs, wishesOf } from './flags.ts';

function parse(...args: readonly string[]): ConnectionFlags {
  const program = new Command().exitOverride();
  addConnectionFlags(program);
  return program.parse(args, { from: 'user' }).opts();
}

test('without flags the files decide', () => {
  assert.deepEqual(wishesOf(parse()), { clusterFields: {}, userFields: {} });
});

test('every flag of kubectl has its place', () => {
  const flags = parse(
    ...['--kubeconfig', '/k', '--context', 'c', '--cluster', 'cl', '--user', 'u', '-n', 'ns', '-s', 'https://s'],
    ...['--token', 't', '--as', 'a', '--as-group', 'g1', '--as-group', 'g2', '--as-uid', '7'],
    ...['--as-user-extra', 'k=v=w', '--as-user-extra', 'k=x', '--certificate-authority', '/ca'],
    ...['--client-certificate', '/cert', '--client-key', '/key', '--insecure-skip-tls-verify'],
    ...['--tls-server-name', 'n', '--request-timeout', '1m30s', '--cache-dir', '/c', '--disable-compression'],
  );
  assert.deepEqual(wishesOf(flags), {
    kubeconfigPath: '/k',
    context: 'c',
    cluster: 'cl',
    user: 'u',
    clusterFields: {
      server: 'https://s',
      'certificate-authority': '/ca',
      'insecure-skip-tls-verify': true,
      'tls-server-name': 'n',
    },
    userFields: {
      token: 't',
      'client-certificate': '/cert',
      'client-key': '/key',
      as: 'a',
      'as-groups': ['g1', 'g2'],
      'as-uid': '7',
      'as-user-extra': { k: ['v=w', 'x'] },
    },
  });
  assert.equal(flags.namespace, 'ns');
  assert.equal(requestTimeoutMs(flags), 90_000);
});

test('a time-out is a duration, a number of seconds, or none', () => {
  assert.equal(requestTimeoutMs(parse()), undefined);
  assert.equal(requestTimeoutMs(parse('--request-timeout', '5')), 5_000);
  assert.throws(() => requestTimeoutMs(parse('--request-timeout', 'soon')), /--request-timeout "soon" is no duration/);
});

test('what contradicts itself is told', () => {
  assert.throws(() => wishesOf(parse('--as-group', 'g')), /need --as/);
  assert.throws(() => wishesOf(parse('--token', 't', '--username', 'u')), /--token and --username/);
  for (const server of ['notaurl', 'host:6443', 'ftp://host', 'https://']) {
    assert.throws(() => wishesOf(parse('--server', server)), {
      message: /^--server ".+" is no address such as https:/,
    });
  }
  assert.throws(() => wishesOf(parse('--as', 'a', '--as-user-extra', 'k')), /"k" is not <key>=<value>/);
});

test('an empty flag says nothing, as for kubectl', () => {
  const flags = parse('-n', '', '--token', '', '--as', '', '--context', '', '--server', '', '--kubeconfig', '');
  assert.deepEqual(wishesOf(flags), wishesOf(parse()));
  assert.equal(namespaceOf(flags), undefined);
});

test('what cannot be a namespace is told', () => {
  assert.equal(namespaceOf(parse('-n', 'shop-1')), 'shop-1');
  for (const name of ['shop/web', 'Shop', '-shop', '..']) {
    assert.throws(() => namespaceOf(parse(`--namespace=${name}`)), /--namespace ".*" is no namespace/);
  }
});
