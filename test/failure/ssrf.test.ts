import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { ActionClients } from '../../src/main/actions/http/action-clients.ts';
import { httpVerb } from '../../src/main/actions/http/http.ts';
import { azureService } from '../../src/main/decrypt/azure.ts';
import { vaultService } from '../../src/main/decrypt/vault.ts';
import { parseAllowedHost } from '../../src/main/outbound/allowed-hosts.ts';
import { OutboundClient } from '../../src/main/outbound/client.ts';
import type { Resolve } from '../../src/main/outbound/guarded-connect.ts';
import { fetchArtifact } from '../../src/main/source/fetch.ts';
import { systemClock } from '../../src/shared/time/clock.ts';
import { httpAttempt } from '../support/action-attempt.ts';
import { startHttpServer } from '../support/http-server.ts';

// Every URL that a tenant can name, against every way to spell an address that is none of a tenant's business.

const addresses = new Map([
  ['localhost', '127.0.0.1'],
  ['localhost.', '127.0.0.1'],
]);

/** A name that leads there. */
function named(address: string): string {
  const name = `n${address.replaceAll(/[^0-9a-z]/g, '-')}.example`;
  addresses.set(name, address);
  return name;
}

const resolve: Resolve = async (host) => {
  const address = addresses.get(host) ?? assert.fail(host);
  return [{ address, family: address.includes(':') ? 6 : 4 }];
};

const spellings = {
  loopback: [
    '127.0.0.1',
    '127.1',
    '127.255.255.254',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0177.0.0.1',
    '127.0.0.1.',
    '%31%32%37.0.0.1',
    '①②⑦.0.0.1',
    'localhost',
    'LocalHost.',
    '[::1]',
    '[0:0:0:0:0:0:0:1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
    '[::ffff:0:127.0.0.1]',
    '[64:ff9b::127.0.0.1]',
    '[64:ff9b:1::127.0.0.1]',
    '[2002:7f00:1::]',
    'allowed.example@127.0.0.1',
    named('127.0.0.1'),
    named('::1'),
    named('::ffff:127.0.0.1'),
  ],
  linkLocal: [
    '169.254.1.1',
    '2851995905',
    '0xa9fe0101',
    '0251.0376.1.1',
    '169.254.257',
    '[fe80::1]',
    '[febf::1]',
    '[::ffff:169.254.1.1]',
    '[64:ff9b::a9fe:101]',
    '[2002:a9fe:101::]',
    named('169.254.1.1'),
    named('fe80::1'),
  ],
  metadata: [
    '169.254.169.254',
    '2852039166',
    '0xa9fea9fe',
    '0251.0376.0251.0376',
    '169.254.43518',
    '169.254.169.254.',
    '[::ffff:169.254.169.254]',
    '[::a9fe:a9fe]',
    '[64:ff9b::a9fe:a9fe]',
    '[64:ff9b:1::a9fe:a9fe]',
    '[2002:a9fe:a9fe::1]',
    '[fd00:ec2::254]',
    '[fd20:ce::254]',
    '[fe80::a9fe:a9fe]',
    '169.254.170.2',
    '100.100.100.200',
    '192.0.0.192',
    '168.63.129.16',
    'allowed.example:pass@169.254.169.254',
    named('169.254.169.254'),
    named('fd00:ec2::254'),
    named('::ffff:169.254.169.254'),
  ],
  unspecified: ['0.0.0.0', '0', '0x0', '0.1.2.3', '[::]', '[::0.0.0.0]', '[::ffff:0:0]', named('0.0.0.0')],
  multicast: ['224.0.0.1', '255.255.255.255', '[ff02::1]', named('224.0.0.1')],
} as const;

const guarded = { allowLoopback: false, allowLinkLocal: false };
/** So that a redirect can come from a server of this test. */
const withLoopback = { ...guarded, allowLoopback: true };
const never = new AbortController().signal;

function open(t: TestContext, policy = guarded): OutboundClient {
  const client = new OutboundClient(policy, { resolve });
  t.after(() => client.close());
  return client;
}

function call(t: TestContext, url: string, ...entries: readonly string[]): Promise<void> {
  const allowed = entries.map((entry) => parseAllowedHost(entry) ?? assert.fail(entry));
  const clients = new ActionClients({ allowed, resolve });
  t.after(() => clients.close());
  return httpVerb(clients)({ url }, httpAttempt({ url }));
}

const unwrapAtVault = (client: OutboundClient, address: string) =>
  vaultService({ tenantToken: 'token', guarded: client, unguarded: client }).unwrap(
    { type: 'hc_vault', address, enginePath: 'sops', keyName: 'key', enc: 'vault:v1:x' },
    never,
  );

const unwrapAtKeyVault = (client: OutboundClient, vaultUrl: string) =>
  azureService({
    ownToken: () => assert.fail('the controller’s'),
    tenantToken: async () => ({ token: 'token', expiresOnTimestamp: Date.now() + 3_600_000 }),
    guarded: client,
  }).unwrap({ type: 'azure_kv', vaultUrl, name: 'key', version: '1', enc: '' }, never);

const fetchFrom = (client: OutboundClient, url: string) =>
  fetchArtifact({ url, sizeBytes: undefined }, { client, clock: systemClock, signal: never });

const ways: Readonly<Record<string, (t: TestContext, url: string) => Promise<unknown>>> = {
  'an http action': (t, url) => call(t, url),
  'an http action, any host allowed': (t, url) => call(t, url, '*', '*:*', '[*]', '127.*', '169.254.*'),
  'an artifact': (t, url) => fetchFrom(open(t), url),
  'a Vault': (t, url) => unwrapAtVault(open(t), url),
  'a Key Vault': (t, url) => unwrapAtKeyVault(open(t), url),
};

/** Node writes a header a byte for each character. */
function inBytes(text: string): string {
  return Buffer.from(text).toString('latin1');
}

async function assertRefused(attempt: Promise<unknown>, spelling: string): Promise<void> {
  await assert.rejects(
    attempt,
    (error: Error) => {
      assert.match(
        error.message,
        /is not allowed: it is a(n)? (loopback|link-local|cloud metadata|unspecified|multicast)/,
      );
      return true;
    },
    spelling,
  );
}

describe('no URL of a tenant leads to this machine or its surroundings', { concurrency: 4 }, () => {
  for (const [way, reach] of Object.entries(ways)) {
    for (const [kind, hosts] of Object.entries(spellings)) {
      test(`${way}: ${kind}`, async (t) => {
        const server = await startHttpServer(t, (_, response) => void response.end('reached'));
        for (const host of hosts) {
          const url = `http://${host}:${server.port}/`;
          await assertRefused(reach(t, url), url);
        }
        assert.equal(server.connections(), 0);
      });
    }
  }

  test('a redirect there is not followed: an http action says why, an artifact stays with its host', async (t) => {
    const target = await startHttpServer(t, (_, response) => void response.end('reached'));
    for (const host of Object.values(spellings).flat()) {
      const location = `http://${host}:${target.port}/`;
      const start = await startHttpServer(
        t,
        (_, response) => void response.writeHead(307, { location: inBytes(location) }).end(),
      );
      const own = `127.0.0.1:${start.port}`;
      const called = call(t, start.origin, own, '*');
      await assertRefused(called, location);
      if (URL.parse(location)?.hostname !== '127.0.0.1') {
        await assert.rejects(fetchFrom(open(t, withLoopback), start.origin), { code: 'Refused' }, location);
      }
      await assert.rejects(unwrapAtVault(open(t, withLoopback), start.origin), /answers 307$/);
      await assert.rejects(unwrapAtKeyVault(open(t, withLoopback), start.origin), /answers 307$/);
    }
    assert.equal(target.connections(), 0);
  });

  test('a flag opens what it spells out, and never metadata or the unspecified address', async (t) => {
    const server = await startHttpServer(t, (_, response) => void response.end('reached'));
    const { port } = server;
    for (const [entry, host] of [
      ['127.0.0.1', '127.0.0.1'],
      [`127.0.0.1:${port}`, '0x7f.1'],
      ['localhost', 'localhost'],
      ['LOCALHOST.:*', 'localhost.'],
    ] as const) {
      await call(t, `http://${host}:${port}/`, entry);
    }
    assert.equal(server.requests.length, 4);
    await assertRefused(call(t, `http://127.0.0.1:${port}/`, '127.0.0.1:1', '*'), 'another port');
    await assertRefused(call(t, `http://${named('127.0.0.1')}:${port}/`, '127.0.0.1', '*'), 'a name of it');
    for (const host of [...spellings.metadata, ...spellings.unspecified, ...spellings.multicast]) {
      const plain = host.replace(/^.*@/, '');
      const entries = [plain, `${plain}:80`, '*', '127.0.0.1', '169.254.1.1'].filter(parseAllowedHost);
      await assertRefused(call(t, `http://${plain}/`, ...entries), plain);
    }
    assert.equal(server.requests.length, 4);
  });

  test('a name that changes its mind is asked once a connection, and what it said is what is connected to', async (t) => {
    const server = await startHttpServer(t, (_, response) => void response.end('reached'));
    const answers = ['10.0.0.1', '127.0.0.1', '169.254.169.254'];
    let asked = 0;
    const rebinding: Resolve = async () => {
      asked += 1;
      return [{ address: answers[Math.min(asked, 3) - 1] ?? '', family: 4 }];
    };
    const clients = new ActionClients({ allowed: [], resolve: rebinding });
    t.after(() => clients.close());
    const url = `http://rebinding.example:${server.port}/`;
    const first = httpVerb(clients)({ url }, httpAttempt({ url }, { timeout: '50ms' }));
    await assert.rejects(first, (error: Error) => !/loopback|metadata/.test(error.message));
    assert.equal(asked, 1);
    for (let tries = 0; tries < 3; tries += 1)
      await assertRefused(httpVerb(clients)({ url }, httpAttempt({ url })), url);
    assert.equal(server.connections(), 0);
  });

  test('what the operator names is not guarded: VAULT_ADDR on this machine', async (t) => {
    const server = await startHttpServer(t, (_, response) => void response.end('{"data":{"plaintext":"AAAA"}}'));
    const unguarded = open(t, { allowLoopback: true, allowLinkLocal: true });
    const service = vaultService({ own: { address: server.origin, token: 'own' }, guarded: open(t), unguarded });
    const key = { type: 'hc_vault', address: server.origin, enginePath: 'sops', keyName: 'key', enc: 'x' } as const;
    assert.deepEqual(await service.unwrap(key, never), new Uint8Array(3));
  });
});
