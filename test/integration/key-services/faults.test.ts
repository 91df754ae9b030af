import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { test } from 'node:test';
import { awsService } from '../../../src/main/decrypt/aws.ts';
import { azureService } from '../../../src/main/decrypt/azure.ts';
import { gcpService } from '../../../src/main/decrypt/gcp.ts';
import type { KeyService } from '../../../src/main/decrypt/key-service.ts';
import { patiently } from '../../../src/main/decrypt/patiently.ts';
import { vaultService } from '../../../src/main/decrypt/vault.ts';
import type { OutboundClient } from '../../../src/main/outbound/client.ts';
import type { RemoteKey } from '../../../src/shared/sops/master-key.ts';
import { type Clock, systemClock } from '../../../src/shared/time/clock.ts';
import { startHttpServer } from '../../support/http-server.ts';
import { CANARY, clients, reasonOf } from './key-server.ts';

// What can go wrong between us and a key service, the same for each of the four.

interface Asked {
  readonly key: RemoteKey;
  readonly service: KeyService;
}

const enc = Buffer.from('x').toString('base64');
const credentials = `aws_access_key_id: A\naws_secret_access_key: ${CANARY}\n`;
const tenantToken = async () => ({ token: CANARY, expiresOnTimestamp: Date.now() + 3_600_000 });

const asked: Readonly<Record<string, (endpoint: string, client: OutboundClient) => Asked>> = {
  'AWS KMS': (endpoint) => ({
    key: { type: 'kms', arn: 'arn:aws:kms:eu-west-1:111122223333:key/0a1b', role: '', context: {}, enc },
    service: awsService({ tenantCredentials: credentials, endpoint }) as KeyService,
  }),
  'Google Cloud KMS': (endpoint, unguarded) => ({
    key: { type: 'gcp_kms', resourceId: 'projects/p/locations/l/keyRings/r/cryptoKeys/k', enc },
    service: gcpService({ accessToken: async () => CANARY, unguarded, endpoint }) as KeyService,
  }),
  'Azure Key Vault': (vaultUrl, guarded) => ({
    key: { type: 'azure_kv', vaultUrl, name: 'k', version: '1', enc },
    service: azureService({ ownToken: tenantToken, tenantToken, guarded }) as KeyService,
  }),
  Vault: (address, client) => ({
    key: { type: 'hc_vault', address, enginePath: 'sops', keyName: 'k', enc },
    service: vaultService({ tenantToken: CANARY, guarded: client, unguarded: client }) as KeyService,
  }),
};

/** A refusal as each of the four words it: AWS by a name, the others by a status. */
function refusing(status: number, name: string): RequestListener {
  return (request, response) => {
    const body = JSON.stringify({ __type: name, message: 'quoted', error: { code: status, message: 'quoted' } });
    request.resume().on('end', () => response.writeHead(status, { 'retry-after': '86400' }).end(body));
  };
}

/** Sleeps no time at all, and remembers for how long. */
function impatience(): Clock & { readonly pauses: readonly number[] } {
  const pauses: number[] = [];
  return { ...systemClock, sleep: async (ms) => void pauses.push(ms), pauses };
}

for (const [name, ask] of Object.entries(asked)) {
  const isAws = name === 'AWS KMS';

  test(`${name}: denied, once`, async (t) => {
    const server = await startHttpServer(t, refusing(403, 'AccessDeniedException'));
    const { service, key } = ask(server.origin, clients(t).loopback);
    const reason = await reasonOf(patiently(service, { clock: impatience() }), key);
    const host = `127.0.0.1:${server.port}`;
    assert.equal(reason, isAws ? 'AWS answers AccessDeniedException' : `${host} answers 403 (denied)`);
    assert.equal(server.requests.length, 1);
  });

  for (const [status, exception, meaning] of [
    [429, 'ThrottlingException', ' (too many requests)'],
    [503, 'KMSInternalException', ''],
  ] as const) {
    test(`${name}: ${exception}, three times, however long the server would have us wait`, async (t) => {
      const server = await startHttpServer(t, refusing(status, exception));
      const { service, key } = ask(server.origin, clients(t).loopback);
      const clock = impatience();
      const reason = await reasonOf(patiently(service, { clock }), key);
      const host = `127.0.0.1:${server.port}`;
      assert.equal(reason, isAws ? `AWS answers ${exception}` : `${host} answers ${status}${meaning}`);
      assert.equal(server.requests.length, 3);
      assert.deepEqual(clock.pauses, [500, 2_000]);
    });
  }

  test(`${name}: out of reach, three times`, async (t) => {
    const { service, key } = ask('http://127.0.0.1:1', clients(t).loopback);
    const clock = impatience();
    const reason = await reasonOf(patiently(service, { clock }), key);
    assert.equal(reason, `${isAws ? 'AWS' : '127.0.0.1:1'} cannot be reached: ECONNREFUSED`);
    assert.equal(clock.pauses.length, 2);
  });

  test(`${name}: silent, given up in time`, async (t) => {
    const server = await startHttpServer(t, () => {});
    const { service, key } = ask(server.origin, clients(t).loopback);
    const reason = await reasonOf(patiently(service, { clock: systemClock, answerMs: 300 }), key);
    assert.equal(reason, 'no answer came within 0.3 s');
    assert.equal(server.requests.length, 1);
  });

  test(`${name}: no redirect is followed`, async (t) => {
    const elsewhere = await startHttpServer(t, (_, response) => response.end('{}'));
    const server = await startHttpServer(t, (request, response) => {
      request.resume();
      response.writeHead(307, { location: `${elsewhere.origin}/x` }).end();
    });
    const { service, key } = ask(server.origin, clients(t).loopback);
    const reason = await reasonOf(service, key);
    if (!isAws) assert.equal(reason, `127.0.0.1:${server.port} answers 307`);
    assert.deepEqual(elsewhere.requests, []);
  });

  for (const body of ['quoted', '', '{}', '[]', 'null', '{"value": 1, "plaintext": 1, "Plaintext": 1, "data": 1}']) {
    test(`${name}: 200 with ${body || 'nothing'} opens nothing`, async (t) => {
      const server = await startHttpServer(t, (request, response) => {
        request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end(body));
      });
      const { service, key } = ask(server.origin, clients(t).loopback);
      assert.match(await reasonOf(service, key), /^(?:the answer |127\.0\.0\.1:\d+ answers no JSON|AWS answers )/);
    });
  }

  test(`${name}: an answer without end is cut`, async (t) => {
    const server = await startHttpServer(t, (request, response) => {
      request.resume();
      response.writeHead(200, { 'content-type': 'application/json' });
      const send = () => {
        while (!response.destroyed && response.write(' '.repeat(65_536)));
      };
      response.on('drain', send);
      send();
    });
    const { service, key } = ask(server.origin, clients(t).loopback);
    const reason = await reasonOf(patiently(service, { clock: systemClock, answerMs: 1_000 }), key);
    assert.match(reason, isAws ? /^no answer came/ : /answers more than 65536 bytes$/);
  });
}
