import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import { readExample } from '../../tools/playground/example.ts';
import { because, configMap, oneStage, type Scene, startScene, succeeded, succeededWith } from '../harness/scene.ts';
import { startHttpServer } from '../support/http-server.ts';

const TOKEN = 's3cret-t0ken';

async function putSecret({ api, namespace }: Scene, name: string, stringData: Readonly<Record<string, string>>) {
  await api.create({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, stringData } as KubeObject);
}

describe('http actions', { concurrency: 4 }, () => {
  test('the switch of the examples waits for its gate, and asks it again for each revision only', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    let status = 403;
    const gate = await startHttpServer(t, (_, response) => void response.writeHead(status).end('not yet'));
    const { stageSet, sources } = await readExample(join(import.meta.dirname, '../../examples/switch'));
    const files = sources.get('manifests') ?? assert.fail();
    const service = 'traffic/service.yaml';
    const spec = JSON.parse(JSON.stringify(stageSet.spec).replace('http://127.0.0.1:9090', gate.origin));
    const colour = async () =>
      (await scene.find<KubeObject & { spec: { selector: { colour: string } } }>('Service', 'web'))?.spec.selector
        .colour;
    const blue = await scene.publishAs('manifests', { files });
    await scene.roll('switch', { ...spec, retryInterval: '1s' });
    const closed = await scene.settled('switch', because('StageFailed'));
    assert.equal(
      closed.message,
      `stage "traffic" failed: pre action "approval": GET ${gate.origin} answers 403, not 200: "not yet"`,
    );
    assert.equal(await colour(), undefined);
    status = 200;
    await scene.settled('switch', succeededWith(blue));
    assert.equal(await colour(), 'blue');

    status = 403;
    const asked = gate.requests.length;
    const green = String(files[service]).replace('colour: blue', 'colour: green');
    const moved = await scene.publishAs('manifests', { files: { ...files, [service]: green } });
    await scene.settled('switch', because('StageFailed'));
    assert.equal(await colour(), 'blue');
    assert.ok(gate.requests.length > asked);
    status = 200;
    await scene.settled('switch', succeededWith(moved));
    assert.equal(await colour(), 'green');
    const settled = gate.requests.length;
    await scene.annotate('switch', { 'reconcile.fluxcd.io/requestedAt': 'again' });
    await scene.settled('switch', (ready, set) => succeeded(ready) && set.status?.lastHandledReconcileAt === 'again');
    assert.equal(gate.requests.length, settled);
  });

  test('body and headers come from Secrets; tries share their Idempotency-Key; no secret is told', async (t) => {
    const scene = await startScene(t);
    const controller = await scene.controller();
    const seen: unknown[] = [];
    const server = await startHttpServer(t, async (request, response) => {
      const body = Buffer.concat(await request.toArray()).toString();
      seen.push([request.method, request.headers.authorization, request.headers['idempotency-key'], body]);
      response.writeHead(seen.length < 2 ? 503 : 418).end(`no: ${request.headers.authorization} ${body}`);
    });
    await putSecret(scene, 'gate', { Authorization: `Bearer ${TOKEN}\n`, body: `{"pass":"${TOKEN}-2"}` });
    await scene.publish('app', [configMap('settings')]);
    const http = {
      url: `${server.origin}/approve`,
      bodyFrom: { name: 'gate', key: 'body' },
      headersFrom: [{ name: 'gate', key: 'Authorization' }],
    };
    await scene.roll('app', oneStage('app', { actions: { post: [{ name: 'approve', retries: 1, http }] } }));
    const failed = await scene.settled('app', because('StageFailed'));
    assert.match(failed.message, /post action "approve": POST \S+ answers 418, not 2xx: "no: \*\*\* /);
    assert.equal(seen.length, 2);
    const [first] = seen as [string, string, string, string][];
    assert.deepEqual(seen, [first, first]);
    assert.deepEqual([first?.[0], first?.[1], first?.[3]], ['POST', `Bearer ${TOKEN}`, `{"pass":"${TOKEN}-2"}`]);
    const told = JSON.stringify([await scene.read('app'), await scene.events('app'), controller.log]);
    assert.ok(!told.includes(TOKEN));
  });

  test('a missing Secret and an address that is not allowed are named, and nothing is sent', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [configMap('settings')]);
    const pre = (http: { url: string; bodyFrom?: { name: string; key: string } }) =>
      oneStage('app', { actions: { pre: [{ name: 'call', http }] } });
    for (const [http, message] of [
      [{ url: 'http://127.0.0.1:1', bodyFrom: { name: 'none', key: 'x' } }, /: Secret \S+\/none does not exist$/],
      [
        { url: 'http://169.254.169.254/latest' },
        /: 169\.254\.169\.254 is not allowed: it is a cloud metadata address$/,
      ],
      [{ url: 'http://127.0.0.2:1' }, /: 127\.0\.0\.2 is not allowed: it is a loopback address$/],
    ] as const) {
      await scene.roll('app', pre(http));
      await scene.settled('app', ({ message: said }) => message.test(said));
    }
    assert.equal(await scene.find('ConfigMap', 'settings'), undefined);
  });
});
