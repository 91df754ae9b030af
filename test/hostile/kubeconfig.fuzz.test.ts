import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configFor } from '../../src/main/kube/config.ts';
import { KubeconfigRefused, tenantDestination } from '../../src/main/remote/tenant-kubeconfig.ts';
import { systemClock } from '../../src/shared/time/clock.ts';
import { type Random, randomFrom, seeds } from '../support/seeds.ts';

const ROUNDS = 2_000;
const CANARY = 'canary77';

const policy = { outbound: { allowLoopback: false, allowLinkLocal: false }, allowInsecureTls: false };

const clusterFields = [
  'server',
  'certificate-authority',
  'certificate-authority-data',
  'insecure-skip-tls-verify',
  'tls-server-name',
  'proxy-url',
];
const userFields = [
  'token',
  'tokenFile',
  'client-certificate',
  'client-certificate-data',
  'client-key',
  'client-key-data',
  'username',
  'password',
  'as',
  'as-groups',
  'as-uid',
  'as-user-extra',
  'exec',
  'auth-provider',
];
/** Whoever accepts one of these has read a file of ours or run a command. */
const forbidden = ['certificate-authority', 'tokenFile', 'client-certificate', 'client-key', 'exec', 'auth-provider'];

for (const seed of seeds()) {
  test(`whatever a kubeconfig says, it is inline or refused by name (seed ${seed})`, async () => {
    const random = randomFrom(seed);
    let accepted = 0;
    for (let round = 0; round < ROUNDS; round += 1) accepted += Number(await isAccepted(JSON.stringify(some(random))));
    assert.ok(accepted > 0, 'some are right');
  });
}

async function isAccepted(text: string): Promise<boolean> {
  try {
    const { cluster, user } = tenantDestination(text, policy);
    const used = Object.entries({ ...cluster, ...user }).filter(([, value]) => value);
    for (const [field] of used) assert.ok(!forbidden.includes(field), `${field} passed in ${text}`);
    assert.ok(cluster['insecure-skip-tls-verify'] !== true);
    const { server } = await configFor({ cluster, user, namespace: undefined }, systemClock);
    assert.ok(server.startsWith('https://'));
    return true;
  } catch (error) {
    const isOurs =
      error instanceof KubeconfigRefused || /^impersonates groups or a uid/.test(String((error as Error).message));
    assert.ok(isOurs, `${text}: ${error}`);
    assert.ok(!(error as Error).message.includes(CANARY), (error as Error).message);
    return false;
  }
}

function some(random: Random): unknown {
  const document = {
    'current-context': 'c',
    contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
    clusters: [{ name: 'k', cluster: { server: 'https://api.example.org', ...fields(random, clusterFields) } }],
    users: [{ name: 'u', user: { token: 't', ...fields(random, userFields) } }],
  };
  if (random.below(8) > 0) return document;
  return { ...document, [random.pick(Object.keys(document))]: anything(random) };
}

function fields(random: Random, names: readonly string[]): object {
  return Object.fromEntries(Array.from({ length: random.below(3) }, () => [random.pick(names), anything(random)]));
}

function anything(random: Random): unknown {
  return random.pick([
    CANARY,
    `https://${CANARY}.example.org`,
    'https://10.1.2.3:6443',
    'https://127.0.0.1',
    'http://[::ffff:169.254.169.254]/',
    `/etc/${CANARY}`,
    `${CANARY}\r\nX: y`,
    '',
    null,
    true,
    false,
    0,
    77,
    [],
    [CANARY],
    [{ name: CANARY }],
    [null],
    {},
    { [CANARY]: CANARY },
    { name: CANARY, cluster: [] },
    '\u0000',
    'x'.repeat(1_000),
  ]);
}
