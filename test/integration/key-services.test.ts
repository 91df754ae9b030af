import assert from 'node:assert/strict';
import {
  constants,
  createCipheriv,
  createDecipheriv,
  generateKeyPairSync,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
} from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import { awsService } from '../../src/main/decrypt/aws.ts';
import { azureService } from '../../src/main/decrypt/azure.ts';
import { tenantAzureToken } from '../../src/main/decrypt/azure-token.ts';
import { gcpService } from '../../src/main/decrypt/gcp.ts';
import { gcpAccessToken } from '../../src/main/decrypt/gcp-token.ts';
import { type KeyService, KeyServiceError } from '../../src/main/decrypt/key-service.ts';
import { keyServices } from '../../src/main/decrypt/key-services.ts';
import { unwrapKeys } from '../../src/main/decrypt/unwrap-keys.ts';
import { type VaultAccess, vaultService } from '../../src/main/decrypt/vault.ts';
import { OutboundClient } from '../../src/main/outbound/client.ts';
import type { AwsKmsKey, RemoteKey } from '../../src/shared/sops/master-key.ts';
import { startHttpServer } from '../support/http-server.ts';

// Servers that speak the key services' protocols, with real cryptography behind them.

const CANARY = 'hunter2-token';
const part = new Uint8Array(randomBytes(32));
const never = new AbortController().signal;

function clients(t: TestContext): Pick<VaultAccess, 'guarded' | 'unguarded'> & { readonly loopback: OutboundClient } {
  const [guarded, loopback] = [false, true].map(
    (allowLoopback) => new OutboundClient({ allowLoopback, allowLinkLocal: false }),
  );
  t.after(async () => {
    await guarded!.close();
    await loopback!.close();
  });
  return { guarded: guarded!, unguarded: loopback!, loopback: loopback! };
}

async function reasonOf<K extends RemoteKey>(service: KeyService<K>, key: K): Promise<string> {
  try {
    await service.unwrap(key, never);
  } catch (error) {
    assert.ok(error instanceof KeyServiceError, String(error));
    assert.ok(!error.message.includes(CANARY) && !error.message.includes('quoted'), error.message);
    return error.message;
  }
  throw new assert.AssertionError({ message: 'was opened' });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  return Buffer.concat(await request.toArray()).toString();
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const aesKey = randomBytes(32);

function seal(plain: Uint8Array, boundTo = ''): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', aesKey, iv).setAAD(Buffer.from(boundTo));
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString('base64');
}

function unseal(sealed: string, boundTo = ''): Buffer {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', aesKey, bytes.subarray(0, 12)).setAAD(Buffer.from(boundTo));
  decipher.setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);
}

async function startVault(t: TestContext) {
  return await startHttpServer(t, async (request, response) => {
    const { ciphertext } = JSON.parse(await bodyOf(request));
    if (request.headers['x-vault-token'] !== CANARY) return answer(response, 403, { errors: ['quoted'] });
    if (request.url !== '/v1/team/sops/decrypt/k')
      return answer(response, request.url!.includes('busy') ? 429 : 404, {});
    answer(response, 200, { data: { plaintext: unseal(ciphertext.replace('vault:v1:', '')).toString('base64') } });
  });
}

const vaultKey = (address: string, keyName = 'k', enginePath = '/team/sops') =>
  ({ type: 'hc_vault', address, enginePath, keyName, enc: `vault:v1:${seal(part)}` }) as const;

test('Vault: the controller’s token opens what VAULT_ADDR has, and goes nowhere else', async (t) => {
  const [own, foreign] = [await startVault(t), await startVault(t)];
  const service = vaultService({ own: { address: `${own.origin}/`, token: CANARY }, ...clients(t) });
  assert.deepEqual(await service.unwrap(vaultKey(own.origin), never), part);
  const refused = await reasonOf(service, vaultKey(foreign.origin));
  assert.equal(refused, `there is no token for 127.0.0.1:${foreign.port}: sops.vault-token would be one`);
  assert.deepEqual(foreign.requests, []);
});

test('Vault: no key name or path leads the token to another endpoint', async (t) => {
  const own = await startVault(t);
  const service = vaultService({ own: { address: own.origin, token: CANARY }, ...clients(t) });
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

test('Vault: denied, throttled, absent, unreachable and talking nonsense are told apart', async (t) => {
  const server = await startVault(t);
  const { loopback } = clients(t);
  const access = { guarded: loopback, unguarded: loopback };
  const service = vaultService({ ...access, tenantToken: CANARY });
  const host = `127.0.0.1:${server.port}`;
  assert.equal(
    await reasonOf(vaultService({ ...access, tenantToken: 'x' }), vaultKey(server.origin)),
    `${host} answers 403 (denied)`,
  );
  assert.equal(await reasonOf(service, vaultKey(server.origin, 'busy')), `${host} answers 429 (too many requests)`);
  assert.equal(await reasonOf(service, vaultKey(server.origin, 'gone')), `${host} answers 404 (no such key)`);
  assert.equal(await reasonOf(service, vaultKey('http://127.0.0.1:1')), '127.0.0.1:1 cannot be reached: ECONNREFUSED');
  const nonsense = await startHttpServer(t, (_, response) => response.end('quoted'));
  assert.equal(await reasonOf(service, vaultKey(nonsense.origin)), `127.0.0.1:${nonsense.port} answers no JSON`);
  const empty = await startHttpServer(t, (_, response) => answer(response, 200, { data: {} }));
  assert.equal(await reasonOf(service, vaultKey(empty.origin)), 'the answer holds no key');
});

test('Azure Key Vault: the controller’s token goes to Azure only', async (t) => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const oaep = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };
  const server = await startHttpServer(t, async (request, response) => {
    const { alg, value } = JSON.parse(await bodyOf(request));
    if (request.headers.authorization !== `Bearer ${CANARY}`) return answer(response, 401, { error: 'quoted' });
    assert.equal(request.url, '/keys/sops/0a1b/decrypt?api-version=7.4');
    assert.equal(alg, 'RSA-OAEP-256');
    const opened = privateDecrypt({ key: privateKey, ...oaep }, Buffer.from(value, 'base64url'));
    answer(response, 200, { kid: 'x', value: opened.toString('base64url') });
  });
  const enc = publicEncrypt({ key: publicKey, ...oaep }, part).toString('base64url');
  const key = { type: 'azure_kv', vaultUrl: server.origin, name: 'sops', version: '0a1b', enc } as const;
  const scopes: string[] = [];
  const token = async (scope: string) => {
    scopes.push(scope);
    return CANARY;
  };
  const guarded = clients(t).loopback;
  const own = azureService({ ownToken: token, guarded });
  for (const vaultUrl of [
    server.origin,
    'http://x.vault.azure.net',
    'https://vault.azure.net.evil.example',
    'https://evilvault.azure.net',
  ]) {
    assert.match(await reasonOf(own, { ...key, vaultUrl }), /is no Azure Key Vault: it needs a sops\.azure-kv$/);
  }
  assert.deepEqual([scopes, server.requests], [[], []]);
  assert.deepEqual(await azureService({ ownToken: token, tenantToken: token, guarded }).unwrap(key, never), part);
  const denied = azureService({ ownToken: token, tenantToken: async () => 'x', guarded });
  assert.equal(await reasonOf(denied, key), `127.0.0.1:${server.port} answers 401 (denied)`);
  assert.equal(await reasonOf(own, { ...key, name: '../x' }), 'its key name or version is not valid');
});

test('Google Cloud KMS', async (t) => {
  const server = await startHttpServer(t, async (request, response) => {
    if (request.headers.authorization !== `Bearer ${CANARY}`) return answer(response, 403, { error: 'quoted' });
    answer(response, 200, { plaintext: unseal(JSON.parse(await bodyOf(request)).ciphertext).toString('base64') });
  });
  const unguarded = clients(t).loopback;
  const resourceId = 'projects/p/locations/global/keyRings/r/cryptoKeys/k';
  const key = { type: 'gcp_kms', resourceId, enc: seal(part) } as const;
  const service = gcpService({ accessToken: async () => CANARY, unguarded, endpoint: server.origin });
  assert.deepEqual(await service.unwrap(key, never), part);
  assert.deepEqual(server.requests, [`/v1/${resourceId}:decrypt`]);
  const denied = gcpService({ accessToken: async () => 'x', unguarded, endpoint: server.origin });
  assert.equal(await reasonOf(denied, key), `127.0.0.1:${server.port} answers 403 (denied)`);
  for (const bad of ['', '../x', `${resourceId}/../../x`, `${resourceId}?x`]) {
    assert.equal(await reasonOf(service, { ...key, resourceId: bad }), 'its resource id is not valid');
  }
});

function startAws(t: TestContext) {
  return startHttpServer(t, async (request, response) => {
    const body = await bodyOf(request);
    if (body.startsWith('Action=AssumeRole') || body.includes('&Action=AssumeRole')) return assumeRole(body, response);
    assert.equal(request.headers['x-amz-target'], 'TrentService.Decrypt');
    const signedBy = /Credential=(\w+)\/\d+\/eu-west-1\/kms/.exec(request.headers.authorization ?? '')?.[1];
    const { CiphertextBlob, EncryptionContext } = JSON.parse(body);
    if (signedBy === 'BUSY') return answer(response, 400, { __type: 'ThrottlingException', message: 'quoted' });
    if (signedBy !== 'TENANT' && signedBy !== 'ROLE')
      return answer(response, 400, { __type: 'AccessDeniedException', message: 'quoted' });
    try {
      const opened = unseal(CiphertextBlob, JSON.stringify({ signedBy, ...EncryptionContext }));
      answer(response, 200, { Plaintext: opened.toString('base64') });
    } catch {
      answer(response, 400, { __type: 'InvalidCiphertextException', message: 'quoted' });
    }
  });
}

function assumeRole(body: string, response: ServerResponse): void {
  assert.match(body, /RoleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fsops/);
  response
    .writeHead(200, { 'content-type': 'text/xml' })
    .end(
      '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>ROLE</AccessKeyId>' +
        '<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>' +
        '</Credentials></AssumeRoleResult></AssumeRoleResponse>',
    );
}

const awsKey = (context: Record<string, string>, more: Partial<AwsKmsKey> = {}): AwsKmsKey => ({
  type: 'kms',
  arn: 'arn:aws:kms:eu-west-1:111122223333:key/0a1b',
  role: '',
  context,
  enc: seal(part, JSON.stringify({ signedBy: 'TENANT', ...context })),
  ...more,
});

test('AWS KMS, with encryption context and role', async (t) => {
  const { origin: endpoint, requests } = await startAws(t);
  const credentials = (id: string) => `aws_access_key_id: ${id}\naws_secret_access_key: ${CANARY}\n`;
  const service = awsService({ tenantCredentials: credentials('TENANT'), endpoint });
  assert.deepEqual(new Uint8Array(await service.unwrap(awsKey({ app: 'shop' }), never)), part);
  const role = 'arn:aws:iam::111122223333:role/sops';
  const forRole = awsKey({}, { role, enc: seal(part, JSON.stringify({ signedBy: 'ROLE' })) });
  assert.deepEqual(new Uint8Array(await service.unwrap(forRole, never)), part);
  assert.equal(
    await reasonOf(service, { ...awsKey({ app: 'shop' }), context: { app: 'other' } }),
    'AWS answers InvalidCiphertextException',
  );
  const stranger = awsService({ tenantCredentials: credentials('STRANGER'), endpoint });
  assert.equal(await reasonOf(stranger, awsKey({})), 'AWS answers AccessDeniedException');
  const busy = awsService({ tenantCredentials: credentials('BUSY'), endpoint });
  assert.equal(await reasonOf(busy, awsKey({})), 'AWS answers ThrottlingException');
  const gone = awsService({ tenantCredentials: credentials('TENANT'), endpoint: 'http://127.0.0.1:1' });
  assert.equal(await reasonOf(gone, awsKey({})), 'AWS answers ECONNREFUSED');
  const before = requests.length;
  for (const arn of [
    '',
    'arn:aws:kms:evil.example/:1:key/x',
    'arn:aws:kms:eu-west-1.evil:1:key/x',
    'arn:aws:s3:eu-west-1:1:key/x',
  ]) {
    assert.equal(await reasonOf(service, awsKey({}, { arn })), 'its ARN is not valid');
  }
  assert.equal(await reasonOf(service, awsKey({}, { role: 'x' })), 'its role is no ARN of a role');
  assert.equal(requests.length, before);
});

test('malformed entries are named without their content', async () => {
  const service = awsService({ tenantCredentials: `[${CANARY}` });
  assert.equal(await reasonOf(service, awsKey({})), 'entry sops.aws-kms is not valid YAML');
  assert.equal(await reasonOf(awsService({ tenantCredentials: CANARY }), awsKey({})), 'entry sops.aws-kms is no map');
  const tokens = [
    () => gcpAccessToken(`{${CANARY}`)(never),
    () => gcpAccessToken('{"type": "external_account"}')(never),
    () => tenantAzureToken(`a: ${CANARY}`)('x', never),
  ];
  for (const token of tokens) {
    await assert.rejects(token(), (error) => error instanceof KeyServiceError && !error.message.includes(CANARY));
  }
});

test('of a group the first key that opens will do; what fails is told', async (t) => {
  const server = await startVault(t);
  const { guarded, unguarded } = clients(t);
  const env = { VAULT_ADDR: server.origin, VAULT_TOKEN: CANARY };
  const services = keyServices({ entries: new Map(), guarded, unguarded, env });
  const keys: readonly RemoteKey[] = [
    { type: 'hckms', keyId: 'x', enc: 'x' },
    vaultKey(server.origin),
    vaultKey('http://never.example'),
  ];
  const unwrapped = await unwrapKeys([keys], services, never);
  assert.deepEqual(
    unwrapped.map(({ outcome }) => outcome),
    [
      { is: 'closed', because: 'HuaweiCloud KMS is not supported' },
      { is: 'opened', part },
    ],
  );
});

test('a run that ends takes its questions along', async (t) => {
  const server = await startHttpServer(t, () => {});
  const { guarded, unguarded } = clients(t);
  const services = keyServices({
    entries: new Map(),
    guarded,
    unguarded,
    env: { VAULT_ADDR: server.origin, VAULT_TOKEN: CANARY },
  });
  const run = new AbortController();
  const asked = unwrapKeys([[vaultKey(server.origin)]], services, run.signal);
  const reason = new Error('superseded');
  run.abort(reason);
  await assert.rejects(asked, reason);
});
