import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import type { Blobs } from '../../src/main/store/blobs.ts';
import { folderBlobs } from '../../src/main/store/folder.ts';
import { type S3Options, s3Blobs } from '../../src/main/store/s3.ts';
import type { StageSetSpec } from '../../src/shared/api/types.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { scopedRules } from '../harness/chart-rules.ts';
import { startWithin } from '../harness/default-install.ts';
import { type S3Server, startS3Server } from '../harness/s3-server.ts';
import { configMap, oneStage, startScene, stuckDeployment, succeeded } from '../harness/scene.ts';

const { signal } = new AbortController();
const bytes = (length: number) => new Uint8Array(randomBytes(length));

let server: S3Server;
let folder: string;
before(async () => {
  server = await startS3Server();
  folder = await mkdtemp(join(tmpdir(), 'store-'));
});
after(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

function bucket(changes: Partial<S3Options> = {}): Blobs {
  const { endpoint, accessKeyId, secretAccessKey } = server;
  return s3Blobs({
    endpoint,
    useTls: false,
    bucket: 'store',
    region: '',
    credentials: { are: 'static', accessKeyId, secretAccessKey },
    encryption: { by: 's3' },
    ...changes,
  });
}

const backends: Readonly<Record<string, () => Blobs>> = {
  'a folder': () => folderBlobs(join(folder, 'root')),
  'a bucket': () => bucket(),
};

for (const [name, open] of Object.entries(backends)) {
  describe(name, () => {
    test('gives back what was written last, and nothing of what was not', async () => {
      const blobs = open();
      const [first, second] = [bytes(1_000), bytes(3 * 2 ** 20)];
      assert.equal(await blobs.size('team/shop/1/app/a', signal), undefined);
      assert.equal(await blobs.read('team/shop/1/app/a', signal), undefined);
      await blobs.write('team/shop/1/app/a', first, signal);
      await blobs.write('team/shop/1/app/a', second, signal);
      assert.equal(await blobs.size('team/shop/1/app/a', signal), second.length);
      assert.ok(Buffer.from((await blobs.read('team/shop/1/app/a', signal))!).equals(second));
    });

    test('lists a folder and no other whose name begins alike; deletes, twice too', async () => {
      const blobs = open();
      const keys = ['team/list/1/app/a', 'team/list/1/web/b', 'team/list/10/app/c'];
      for (const key of keys) await blobs.write(key, bytes(10), signal);
      const listed = await blobs.list('team/list/1/', signal);
      assert.deepEqual(listed.map(({ key }) => key).toSorted(), keys.slice(0, 2));
      for (const { writtenMs } of listed) assert.ok(Math.abs(writtenMs - Date.now()) < 60_000);
      for (const { key } of [...listed, ...listed]) await blobs.remove(key, signal);
      assert.deepEqual(await blobs.list('team/list/1/', signal), []);
      assert.deepEqual(await blobs.list('team/none/', signal), []);
    });

    test('ends when its caller has no more time', async () => {
      const why = new Error('time is up');
      await assert.rejects(open().read('a', AbortSignal.abort(why)), why);
    });
  });
}

describe('in a folder', () => {
  test('only the owner reads, and what was emptied goes', async () => {
    const root = join(folder, 'modes');
    const blobs = folderBlobs(root);
    await blobs.write('team/shop/a', bytes(10), signal);
    assert.equal((await stat(join(root, 'team/shop/a'))).mode & 0o777, 0o600);
    assert.equal((await stat(join(root, 'team'))).mode & 0o777, 0o700);
    assert.deepEqual(await readdir(join(root, 'team/shop')), ['a'], 'nothing else is left there');
    await blobs.remove('team/shop/a', signal);
    assert.deepEqual(await readdir(root), []);
  });

  test('what cannot be written is said by its error, without a path; what was there stays', async () => {
    const root = join(folder, 'bad');
    await mkdir(root);
    await writeFile(join(root, 'team'), 'a file where a folder should be');
    await assert.rejects(folderBlobs(root).write('team/shop/a', bytes(10), signal), {
      name: 'StoreError',
      message: 'the rollback store cannot write: ENOTDIR',
    });
  });
});

describe('on a volume that is full', () => {
  test('what was there stays, and no half of an entry', async () => {
    const root = join(folder, 'full');
    await folderBlobs(root).write('team/shop/a', bytes(10), signal);
    const module = join(import.meta.dirname, '../../src/main/store/folder.ts');
    const script = `import { folderBlobs } from ${JSON.stringify(module)};
      const { signal } = new AbortController();
      const write = folderBlobs(${JSON.stringify(root)}).write('team/shop/a', new Uint8Array(1 << 20), signal);
      await write.catch(({ message }) => console.log(message));`;
    // No file may be longer than a few blocks, which ends a write as a full volume does: in the middle.
    const args = ['-c', 'ulimit -f 4; exec "$0" --input-type=module --eval "$1"', process.execPath, script];
    const { stdout } = await promisify(execFile)('sh', args);
    assert.equal(stdout, 'the rollback store cannot write: EFBIG\n');
    assert.deepEqual(await readdir(join(root, 'team/shop')), ['a']);
    assert.equal(await folderBlobs(root).size('team/shop/a', signal), 10);
  });
});

describe('in a bucket', () => {
  const lastPut = () => server.requests.findLast(({ method }) => method === 'PUT');

  test('off AWS the bucket is in the path, the region is us-east-1, and there is no checksum of the SDK’s own', async () => {
    await bucket().write('a b/c', bytes(10), signal);
    const put = lastPut();
    assert.equal(put?.host, server.endpoint);
    assert.ok(put?.path.startsWith('/store/a%20b/c'), put?.path);
    assert.match(put?.headers.authorization ?? '', /Credential=AKIATEST\/\d+\/us-east-1\/s3\//);
    server.refuse = ({ headers }) =>
      Object.keys(headers).some((name) => /^x-amz-(checksum|sdk-checksum|trailer)/.test(name));
    try {
      const blobs = bucket();
      await blobs.write('plain', bytes(10), signal);
      assert.equal((await blobs.read('plain', signal))?.length, 10);
      assert.equal((await blobs.list('pla', signal)).length, 1);
      await blobs.remove('plain', signal);
    } finally {
      server.refuse = undefined;
    }
  });

  for (const [encryption, headers] of [
    [{ by: 'none' }, [undefined, undefined]],
    [{ by: 's3' }, ['AES256', undefined]],
    [{ by: 'kms' }, ['aws:kms', undefined]],
    [{ by: 'kms', keyId: 'arn:k' }, ['aws:kms', 'arn:k']],
  ] as const) {
    test(`it is asked to encrypt: ${JSON.stringify(encryption)}`, async () => {
      await bucket({ encryption }).write('sse', bytes(10), signal);
      const sent = lastPut()?.headers ?? {};
      const names = ['x-amz-server-side-encryption', 'x-amz-server-side-encryption-aws-kms-key-id'];
      assert.deepEqual(
        names.map((name) => sent[name]),
        headers,
      );
    });
  }

  test('ambient credentials are those of the environment; anonymous requests bear none', async () => {
    const { accessKeyId, secretAccessKey } = server;
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey });
    try {
      await bucket({ credentials: { are: 'ambient' } }).write('ambient', bytes(10), signal);
      await assert.rejects(
        bucket({ credentials: { are: 'none' } }).read('ambient', signal),
        /cannot read: AccessDenied \(HTTP 403\)$/,
      );
      assert.equal(server.requests.at(-1)?.headers.authorization, undefined);
    } finally {
      delete process.env.AWS_ACCESS_KEY_ID;
      delete process.env.AWS_SECRET_ACCESS_KEY;
    }
  });

  test('what goes wrong is said by the name that the server gives it', async () => {
    await assert.rejects(bucket({ bucket: 'none' }).write('a', bytes(10), signal), {
      name: 'StoreError',
      message: 'the rollback store cannot write: NoSuchBucket (HTTP 404)',
    });
    const credentials = { are: 'static', accessKeyId: server.accessKeyId, secretAccessKey: 'other' } as const;
    await assert.rejects(
      bucket({ credentials }).list('a/', signal),
      /cannot list: SignatureDoesNotMatch \(HTTP 403\)$/,
    );
    await assert.rejects(bucket({ useTls: true }).read('a', signal), /cannot read: (EPROTO|ERR_SSL\w+)$/);
    await assert.rejects(bucket({ endpoint: '127.0.0.1:1' }).read('a', signal), /cannot read: ECONNREFUSED$/);
  });
});

describe('a controller with a bucket', () => {
  const spec: StageSetSpec = { ...oneStage('app'), rollbackOnFailure: true, timeout: '2s' };
  const flagsFor = (name: string) => [
    `--rollback-store-s3-endpoint=${server.endpoint}`,
    '--rollback-store-s3-use-ssl=false',
    `--rollback-store-s3-bucket=${name}`,
    '--rollback-store-s3-prefix=/some/place/',
    `--rollback-store-s3-access-key=${server.accessKeyId}`,
    `--rollback-store-s3-secret-key=${server.secretAccessKey}`,
  ];

  test('finds there, after a restart too, what its source has let go of; what is deleted goes', async (t) => {
    const scene = await startScene(t);
    const start = () => startWithin(scene, [scene.namespace], scopedRules, flagsFor('store'));
    let controller = await start();
    t.after(() => controller.kill());
    const first = await scene.publish('app', [configMap('app', { is: 'first' })]);
    const { metadata } = await scene.roll('shop', spec);
    await scene.settled('shop', succeeded);
    const own = join(server.folder, 'store/some/place', scene.namespace, 'shop', metadata.uid ?? '');
    assert.equal((await readdir(join(own, 'app'))).length, 1);
    first.remove();
    await controller.kill();
    controller = await start();
    await scene.publish('app', [configMap('app', { is: 'second' }), stuckDeployment('stuck')]);
    await scene.settled('shop', ({ message }) =>
      message.includes(`rolled back stage "app" to ${first.artifact.revision}`),
    );
    assert.deepEqual(await scene.ownedBy('shop'), ['ConfigMap/app']);
    assert.ok(!controller.log.includes(server.secretAccessKey));
    await scene.remove('shop');
    await scene.gone('shop');
    assert.deepEqual(await bucket().list(`some/place/${scene.namespace}/`, signal), []);
  });

  test('that is not there rolls out all the same, and says so', async (t) => {
    const scene = await startScene(t);
    const controller = await startWithin(scene, [scene.namespace], scopedRules, flagsFor('none'));
    t.after(() => controller.kill());
    await scene.publish('app', [configMap('app')]);
    await scene.roll('shop', spec);
    await scene.settled('shop', succeeded);
    await eventually(async () => {
      const told = (await scene.events('shop')).find(({ reason }) => reason === 'RollbackStoreFailed');
      assert.equal(told?.note, 'the rollback store cannot write: NoSuchBucket (HTTP 404)');
      assert.equal(told?.type, 'Warning');
    });
  });

  test('and a folder does not start', async () => {
    const program = join(import.meta.dirname, '../../bin/stageset-controller');
    const flags = ['--rollback-store-path=/data', '--rollback-store-s3-endpoint=minio:9000'];
    const failed = promisify(execFile)(program, flags);
    await assert.rejects(failed, {
      code: 2,
      stderr: /rollback-store-path and --rollback-store-s3-endpoint exclude each other/,
    });
  });
});
