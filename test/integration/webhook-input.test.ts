import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { type RequestOptions, request } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { issue } from '../../src/main/webhook/certificate/issue.ts';
import { type Clock, systemClock } from '../../src/shared/time/clock.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { startCluster } from '../harness/cluster.ts';
import { startWebhookReplica } from '../harness/webhook-replica.ts';

const MiB = 2 ** 20;
const path = '/validate-stages-metio-wtf-v1-stageset';
const type = 'application/json';
const review = {
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  request: {
    uid: 'u',
    operation: 'CREATE',
    kind: { group: 'stages.metio.wtf', version: 'v1', kind: 'StageSet' },
    object: {
      metadata: { name: 'shop', namespace: 'team' },
      spec: { serviceAccountName: 'deployer', stages: [{ name: 'app', sourceRef: { name: 'app' } }] },
    },
  },
};
const good = JSON.stringify(review);
const deep = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

const refused: readonly (readonly [string, string, RequestOptions, number, RegExp])[] = [
  ['another method', '', { method: 'GET' }, 405, /^only POST\n$/],
  ['another path', good, { path: '/' }, 404, /\/validate-stages-metio-wtf-v1-stageset is here/],
  ['another content type', good, { headers: { 'content-type': 'text/yaml' } }, 415, /^only application\/json\n$/],
  ['no content type', good, { headers: { 'content-type': '' } }, 415, /^only application\/json\n$/],
  ['nothing', '', {}, 400, /not JSON/],
  ['half a review', good.slice(0, 90), {}, 400, /not JSON/],
  ['bytes', '\u0000\ufffd\ufeff', {}, 400, /not JSON/],
  ['another kind', '{"kind":"TokenReview"}', {}, 400, /not an AdmissionReview/],
  ['an older version', good.replace('k8s.io/v1', 'k8s.io/v1beta1'), {}, 400, /only an AdmissionReview of admission/],
  ['no question', JSON.stringify({ ...review, request: null }), {}, 400, /no request/],
  ['a deep nest', deep(100_000), {}, 400, /not an AdmissionReview/],
  ['too much', ' '.repeat(8 * MiB), {}, 413, /too large/],
  ['too much, unannounced', ' '.repeat(8 * MiB), { headers: { 'transfer-encoding': 'chunked' } }, 413, /too large/],
];

test('whoever knocks at the webhook', async (t) => {
  const cluster = await startCluster(t);
  const hasty: Clock = { ...systemClock, sleep: (ms, signal) => systemClock.sleep(ms / 50, signal) };
  const replica = await startWebhookReplica(t, cluster, { clock: hasty, flags: ['--webhook-cert-mode=cert-manager'] });
  const where = {
    host: '127.0.0.1',
    port: replica.port,
    path,
    method: 'POST',
    agent: false,
    rejectUnauthorized: false,
  };

  const begin = (options: RequestOptions = {}): ClientRequest =>
    request({ ...where, ...options, headers: { 'content-type': type, ...options.headers } });
  const ask = async (body: string, options: RequestOptions = {}) => {
    const asking = begin(options);
    const answered = once(asking, 'response') as Promise<[IncomingMessage]>;
    asking.on('error', () => {}); // it hangs up on what it does not want, after it has said so
    asking.end(body);
    const [response] = await answered;
    return { status: response.statusCode, allow: response.headers.allow, body: await text(response) };
  };
  const isWell = async () => {
    const { status, body } = await ask(good);
    assert.deepEqual([status, JSON.parse(body).response], [200, { uid: 'u', allowed: true }]);
  };

  await t.test('gets no handshake before there is a certificate', async () => {
    await assert.rejects(ask(good), /handshake|alert/);
  });

  const { cert, key } = await issue({ dnsNames: ['hook'], podUid: '', nowMs: Date.now(), validityMs: 3_600_000 });
  await writeFile(join(replica.folder, 'tls.key'), key);
  await writeFile(join(replica.folder, 'tls.crt'), cert);
  await eventually(() => assert.equal(replica.missing(), undefined));
  await isWell();

  for (const [what, body, options, status, words] of refused) {
    await t.test(`with ${what} is told what is wrong`, async () => {
      const said = await ask(body, options);
      assert.equal(said.status, status, said.body);
      assert.match(said.body, words);
      if (status === 405) assert.equal(said.allow, 'POST');
      await isWell();
    });
  }

  await t.test('with a StageSet that nests too deep is denied', async () => {
    const spec = `{"stages":[{"name":"a","sourceRef":${deep(50_000)}}]}`;
    const object = `{"metadata":{},"spec":${spec}}`;
    const asked = good.replace(JSON.stringify(review.request.object), object);
    assert.notEqual(asked, good);
    const { status, body } = await ask(asked);
    assert.deepEqual([status, JSON.parse(body).response.allowed], [200, false]);
  });

  await t.test('and speaks no TLS is hung up on', async () => {
    for (const bytes of [
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
      Buffer.alloc(4_096, 0x16),
      Buffer.from([0x16, 3, 1, 255]),
    ]) {
      const socket = connect(replica.port, '127.0.0.1').on('error', () => {});
      const closed = once(socket, 'close');
      socket.end(bytes);
      await closed;
    }
    await isWell();
  });

  await t.test('and leaves in the middle of a body leaves nothing behind', async () => {
    for (let i = 0; i < 20; i += 1) {
      const leaving = begin({ headers: { 'content-length': String(7 * MiB) } }).on('error', () => {});
      leaving.write('{');
      await once(leaving, 'socket').then(([socket]) => once(socket, 'secureConnect'));
      leaving.destroy();
    }
    await eventually(isWell);
  });

  await t.test('with large bodies, many at a time, waits outside once they fill the memory set aside', async () => {
    const large = { headers: { 'content-length': String(7 * MiB) } };
    const held = Array.from({ length: 9 }, () => begin(large).on('error', () => {}));
    for (const each of held) each.write('{');
    await eventually(async () => assert.match((await ask('', large)).body, /try again/));
    for (const each of held) each.destroy();
    await eventually(isWell);
  });
});
