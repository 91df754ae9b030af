import assert from 'node:assert/strict';
import { constants, generateKeyPairSync, privateDecrypt, publicEncrypt } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { azureService } from '../../../src/main/decrypt/azure.ts';
import { tenantAzureToken } from '../../../src/main/decrypt/azure-token.ts';
import { KeyServiceError } from '../../../src/main/decrypt/key-service.ts';
import { startHttpServer } from '../../support/http-server.ts';
import { answer, bodyOf, CANARY, clients, never, part, reasonOf } from './key-server.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const oaep = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };
const enc = publicEncrypt({ key: publicKey, ...oaep }, part).toString('base64url');

function startKeyVault(t: TestContext) {
  return startHttpServer(t, async (request, response) => {
    if (request.headers.authorization === undefined) {
      assert.equal(await bodyOf(request), '', 'the question waits until it is clear who asks');
      const challenge = 'Bearer authorization="https://login.example/t", resource="https://graph.example"';
      return response.writeHead(401, { 'www-authenticate': challenge }).end();
    }
    if (request.headers.authorization !== `Bearer ${CANARY}`) return answer(response, 401, { error: 'quoted' });
    assert.equal(request.url?.split('?')[0], '/keys/sops/0a1b/decrypt');
    const { alg, value } = JSON.parse(await bodyOf(request));
    assert.equal(alg, 'RSA-OAEP-256');
    try {
      const opened = privateDecrypt({ key: privateKey, ...oaep }, Buffer.from(value, 'base64url'));
      answer(response, 200, { kid: 'x', value: opened.toString('base64url') });
    } catch {
      answer(response, 400, { error: { code: 'BadParameter', message: 'quoted' } });
    }
  });
}

function tokens(token = CANARY) {
  const scopes: string[] = [];
  const source = async (scope: string) => {
    scopes.push(scope);
    return { token, expiresOnTimestamp: Date.now() + 3_600_000 };
  };
  return { source, scopes };
}

test('Azure Key Vault: the controller’s token goes to Azure only', async (t) => {
  const server = await startKeyVault(t);
  const { source, scopes } = tokens();
  const service = azureService({ ownToken: source, guarded: clients(t).loopback });
  for (const vaultUrl of [
    server.origin,
    'http://x.vault.azure.net',
    'https://x.vault.azure.net:444',
    'https://vault.azure.net.evil.example',
    'https://evilvault.azure.net',
  ]) {
    const reason = await reasonOf(service, { type: 'azure_kv', vaultUrl, name: 'sops', version: '0a1b', enc });
    assert.match(reason, /is no Azure Key Vault: it needs a sops\.azure-kv$/);
  }
  assert.deepEqual([scopes, server.requests], [[], []]);
});

test('Azure Key Vault: a tenant’s token goes where its file says, past the guard, and is for that host alone', async (t) => {
  const server = await startKeyVault(t);
  const key = { type: 'azure_kv', vaultUrl: `${server.origin}/`, name: 'sops', version: '0a1b', enc } as const;
  const { guarded, loopback } = clients(t);
  const { source, scopes } = tokens();
  const access = { ownToken: () => assert.fail('the controller’s'), tenantToken: source };
  const refused = await reasonOf(azureService({ ...access, guarded }), key);
  assert.equal(refused, '127.0.0.1 is not allowed: it is a loopback address');
  assert.deepEqual(server.requests, []);
  const service = azureService({ ...access, guarded: loopback });
  assert.deepEqual(await service.unwrap(key, never), part);
  assert.deepEqual(scopes, ['https://127.0.0.1/.default'], 'not what the vault’s challenge asks for');
  const wrong = await reasonOf(service, { ...key, enc: Buffer.alloc(256, 1).toString('base64url') });
  assert.equal(wrong, `127.0.0.1:${server.port} answers 400 (the key does not open it)`);
  const denied = azureService({ ...access, tenantToken: tokens('x').source, guarded: loopback });
  assert.equal(await reasonOf(denied, key), `127.0.0.1:${server.port} answers 401 (denied)`);
  const before = server.requests.length;
  assert.equal(await reasonOf(service, { ...key, name: '../x' }), 'its key name or version is not valid');
  assert.equal(await reasonOf(service, { ...key, version: '' }), 'its key name or version is not valid');
  assert.equal(await reasonOf(service, { ...key, vaultUrl: 'file:///x' }), 'its Key Vault is no URL');
  assert.equal(server.requests.length, before);
});

test('an entry sops.azure-kv that names nobody is told without its content', async () => {
  for (const entry of [`a: ${CANARY}`, `[${CANARY}`, `tenantId: t\nclientId: c\nx: ${CANARY}\n`]) {
    await assert.rejects(tenantAzureToken(entry)('x', never), (error) => {
      return (
        error instanceof KeyServiceError &&
        error.message.startsWith('entry sops.azure-kv ') &&
        !error.message.includes(CANARY)
      );
    });
  }
});
