import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gcpService } from '../../../src/main/decrypt/gcp.ts';
import { gcpAccessToken } from '../../../src/main/decrypt/gcp-token.ts';
import { KeyServiceError } from '../../../src/main/decrypt/key-service.ts';
import { startHttpServer } from '../../support/http-server.ts';
import { answer, bodyOf, CANARY, clients, never, part, reasonOf, seal, unsealed } from './key-server.ts';

const resourceId = 'projects/p/locations/global/keyRings/r/cryptoKeys/k';
const key = { type: 'gcp_kms', resourceId, enc: seal(part, resourceId) } as const;

test('Google Cloud KMS', async (t) => {
  const server = await startHttpServer(t, async (request, response) => {
    if (request.headers.authorization !== `Bearer ${CANARY}`) return answer(response, 403, { error: 'quoted' });
    const name = request.url!.match(/^\/v1\/(.*):decrypt\?/)?.[1];
    const opened = unsealed(JSON.parse(await bodyOf(request)).ciphertext, name);
    if (opened === undefined) answer(response, 400, { error: { code: 400, message: 'quoted' } });
    else answer(response, 200, { plaintext: opened.toString('base64'), usedPrimary: true });
  });
  const unguarded = clients(t).loopback;
  const service = gcpService({ accessToken: async () => CANARY, unguarded, endpoint: server.origin });
  assert.deepEqual(await service.unwrap(key, never), part);
  const version = `${resourceId}/cryptoKeyVersions/3`;
  assert.deepEqual(await service.unwrap({ ...key, resourceId: version }, never), part, 'KMS finds the version itself');
  const another = await reasonOf(service, { ...key, resourceId: `${resourceId}2` });
  assert.equal(another, `127.0.0.1:${server.port} answers 400 (the key does not open it)`);
  const denied = gcpService({ accessToken: async () => 'x', unguarded, endpoint: server.origin });
  assert.equal(await reasonOf(denied, key), `127.0.0.1:${server.port} answers 403 (denied)`);
  const before = server.requests.length;
  for (const bad of ['', '../x', `${resourceId}/../../x`, `${resourceId}?x`]) {
    assert.equal(await reasonOf(service, { ...key, resourceId: bad }), 'its resource id is not valid');
  }
  assert.equal(server.requests.length, before);
});

test('an entry sops.gcp-kms that is no service account’s key is told without its content', async () => {
  for (const entry of [`{${CANARY}`, '{"type": "external_account"}', 'null']) {
    await assert.rejects(gcpAccessToken(entry)(never), (error) => {
      return error instanceof KeyServiceError && /^entry sops\.gcp-kms is no /.test(error.message);
    });
  }
});
