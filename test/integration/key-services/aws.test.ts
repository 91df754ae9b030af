import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import { awsService } from '../../../src/main/decrypt/aws.ts';
import type { AwsKmsKey } from '../../../src/shared/sops/master-key.ts';
import { startHttpServer } from '../../support/http-server.ts';
import { answer, bodyOf, CANARY, never, part, reasonOf, seal, unsealed } from './key-server.ts';

function startAws(t: TestContext) {
  return startHttpServer(t, async (request, response) => {
    const body = await bodyOf(request);
    if (body.startsWith('Action=AssumeRole') || body.includes('&Action=AssumeRole')) return assumeRole(body, response);
    assert.equal(request.headers['x-amz-target'], 'TrentService.Decrypt');
    const signedBy = /Credential=(\w+)\/\d+\/eu-west-1\/kms/.exec(request.headers.authorization ?? '')?.[1];
    const { CiphertextBlob, EncryptionContext } = JSON.parse(body);
    if (signedBy !== 'TENANT' && signedBy !== 'ROLE')
      return answer(response, 400, { __type: 'AccessDeniedException', message: 'quoted' });
    const opened = unsealed(CiphertextBlob, JSON.stringify({ signedBy, ...EncryptionContext }));
    if (opened === undefined) answer(response, 400, { __type: 'InvalidCiphertextException', message: 'quoted' });
    else answer(response, 200, { Plaintext: opened.toString('base64') });
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

test('an entry sops.aws-kms that is none is told without its content', async () => {
  const reason = (tenantCredentials: string) => reasonOf(awsService({ tenantCredentials }), awsKey({}));
  assert.equal(await reason(`[${CANARY}`), 'entry sops.aws-kms is not valid YAML');
  assert.equal(await reason(CANARY), 'entry sops.aws-kms is no map');
  assert.match(await reason(`a: ${CANARY}`), /^entry sops.aws-kms lacks aws_access_key_id/);
});
