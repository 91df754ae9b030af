import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { KeyServices } from '../../../src/main/decrypt/key-service.ts';
import { keyServices } from '../../../src/main/decrypt/key-services.ts';
import { unwrapKeys } from '../../../src/main/decrypt/unwrap-keys.ts';
import type { RemoteKey } from '../../../src/shared/sops/master-key.ts';
import { startHttpServer, type TestServer } from '../../support/http-server.ts';
import { answer, CANARY, clients, never, part } from './key-server.ts';

const keyIn = (address: string): RemoteKey => ({
  type: 'hc_vault',
  address,
  enginePath: 'sops',
  keyName: 'k',
  enc: 'vault:v1:x',
});

function servicesWith(t: TestContext, own: TestServer): KeyServices {
  const { guarded, loopback } = clients(t);
  const env = { VAULT_ADDR: own.origin, VAULT_TOKEN: CANARY };
  return keyServices({ entries: new Map(), guarded, unguarded: loopback, env });
}

test('of a group the first key that opens will do; what fails is told', async (t) => {
  const vault = await startHttpServer(t, (_, response) => {
    answer(response, 200, { data: { plaintext: Buffer.from(part).toString('base64') } });
  });
  const keys = [{ type: 'hckms', keyId: 'x', enc: 'x' }, keyIn(vault.origin), keyIn('http://never.example')] as const;
  const unwrapped = await unwrapKeys([keys], servicesWith(t, vault), never);
  assert.deepEqual(
    unwrapped.map(({ outcome }) => outcome),
    [
      { is: 'closed', because: 'HuaweiCloud KMS is not supported' },
      { is: 'opened', part },
    ],
  );
});

test('a run that ends takes its questions along', async (t) => {
  const vault = await startHttpServer(t, () => {});
  const run = new AbortController();
  const asked = unwrapKeys([[keyIn(vault.origin)]], servicesWith(t, vault), run.signal);
  const reason = new Error('superseded');
  run.abort(reason);
  await assert.rejects(asked, reason);
});
