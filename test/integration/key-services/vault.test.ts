import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { vaultService } from '../../../src/main/decrypt/vault.ts';
import { startHttpServer } from '../../support/http-server.ts';
import { answer, bodyOf, CANARY, clients, never, part, reasonOf, seal, unsealed } from './key-server.ts';

async function startVault(t: TestContext) {
  return await startHttpServer(t, async (request, response) => {
    const { ciphertext } = JSON.parse(await bodyOf(request));
    if (request.headers['x-vault-token'] !== CANARY) return answer(response, 403, { errors: ['quoted'] });
    const opened = unsealed(ciphertext.replace('vault:v1:', ''), request.url);
    if (opened === undefined) answer(response, 400, { errors: ['quoted'] });
    else answer(response, 200, { data: { plaintext: opened.toString('base64') } });
  });
}

const vaultKey = (address: string, keyName = 'k', enginePath = '/team/sops') =>
  ({
    type: 'hc_vault',
    address,
    enginePath,
    keyName,
    enc: `vault:v1:${seal(part, '/v1/team/sops/decrypt/k')}`,
  }) as const;

test('Vault: the controller’s token opens what VAULT_ADDR has, and goes nowhere else', async (t) => {
  const [own, foreign] = [await startVault(t), await startVault(t)];
  const { guarded, loopback } = clients(t);
  const service = vaultService({ own: { address: `${own.origin}/`, token: CANARY }, guarded, unguarded: loopback });
  assert.deepEqual(await service.unwrap(vaultKey(own.origin), never), part);
  const refused = await reasonOf(service, vaultKey(foreign.origin));
  assert.equal(refused, `there is no token for 127.0.0.1:${foreign.port}: sops.vault-token would be one`);
  assert.deepEqual(foreign.requests, []);
});

test('Vault: no key name or path leads the token to another endpoint', async (t) => {
  const own = await startVault(t);
  const { guarded, loopback } = clients(t);
  const service = vaultService({ own: { address: own.origin, token: CANARY }, guarded, unguarded: loopback });
  for (const path of ['..', '../sys', 'a/../../sys', 'a?x', 'a#', 'a%2f..', 'a\\b', '.']) {
    assert.equal(await reasonOf(service, vaultKey(own.origin, 'k', path)), 'its engine path or key name is not valid');
    assert.equal(await reasonOf(service, vaultKey(own.origin, path)), 'its engine path or key name is not valid');
  }
  for (const address of ['', 'vault', 'file:///etc', `ftp://127.0.0.1:${own.port}`]) {
    assert.equal(await reasonOf(service, vaultKey(address)), 'its address is no URL');
  }
  assert.deepEqual(own.requests, []);
});

test('Vault: a tenant’s token goes where its file says, past the guard', async (t) => {
  const server = await startVault(t);
  const { guarded, loopback } = clients(t);
  const access = { tenantToken: CANARY, unguarded: loopback };
  const refused = await reasonOf(vaultService({ ...access, guarded }), vaultKey(server.origin));
  assert.equal(refused, '127.0.0.1 is not allowed: it is a loopback address');
  assert.deepEqual(server.requests, []);
  assert.deepEqual(await vaultService({ ...access, guarded: loopback }).unwrap(vaultKey(server.origin), never), part);
});

test('Vault: another key than the one that closed it does not open it', async (t) => {
  const own = await startVault(t);
  const { guarded, loopback } = clients(t);
  const service = vaultService({ own: { address: own.origin, token: CANARY }, guarded, unguarded: loopback });
  const reason = await reasonOf(service, vaultKey(own.origin, 'other'));
  assert.equal(reason, `127.0.0.1:${own.port} answers 400 (the key does not open it)`);
});
