// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are Flux's references
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, type TestContext, test } from 'node:test';
import type { Condition, StageSetSpec } from '../../src/shared/api/types.ts';
import { keys } from '../../src/shared/labels.ts';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { readExample } from '../../tools/playground/example.ts';
import { type ControllerProcess, startController } from '../harness/controller.ts';
import {
  because,
  configMap,
  oneStage,
  phasesOf,
  type Scene,
  stagesOf,
  startScene,
  stuckDeployment,
  succeeded,
  succeededWith,
} from '../harness/scene.ts';
import { startHttpServer } from '../support/http-server.ts';
import { newAgeKey, sealedSecret } from '../support/sealed-secret.ts';

const rollbackOnFailure = true;
const rolledBack = (ready: Condition) => ready.reason === 'StageFailed' && ready.message.includes('; rolled back ');

type Data = KubeObject & { readonly data?: Readonly<Record<string, string>> };

async function dataOf(scene: Scene, name: string, kind: 'ConfigMap' | 'Secret' = 'ConfigMap') {
  return (await scene.find<Data>(kind, name))?.data;
}

const withRollback = (spec: StageSetSpec): StageSetSpec => ({ ...spec, rollbackOnFailure, timeout: '2s' });

async function reasonsOf(scene: Scene): Promise<readonly string[]> {
  return (await scene.events('shop')).map(({ reason }) => reason);
}

describe('what was applied is put back', { concurrency: 4 }, () => {
  let folder: string;
  let controller: Promise<ControllerProcess> | undefined;
  after(async () => {
    await (await controller)?.kill();
    await rm(folder, { recursive: true, force: true });
  });

  /** With a store that all of them share. */
  async function start(t: TestContext): Promise<Scene> {
    const scene = await startScene(t);
    controller ??= (async () => {
      folder = await mkdtemp(join(tmpdir(), 'rollback-store-'));
      return await startController(scene.controllerKubeconfig, [`--rollback-store-path=${folder}`]);
    })();
    await controller;
    return scene;
  }

  const entriesOf = async ({ namespace }: Scene) =>
    (await readdir(join(folder, namespace), { recursive: true, withFileTypes: true }).catch(() => []))
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name));

  test('in several stages, from the store, to the byte; what came with the failed revision is pruned', async (t) => {
    const scene = await start(t);
    const [db, web] = await Promise.all(
      ['db', 'web'].map((name) => scene.publish(name, [configMap(name, { is: 'first' }), configMap(`${name}-old`)])),
    );
    await scene.roll('shop', withRollback(stagesOf('db', 'web', 'late')));
    await scene.publish('late', [configMap('late')]);
    await scene.settled('shop', succeeded);
    const { lastAppliedSnapshot, lastAppliedRevisions } = (await scene.read('shop')).status ?? {};
    db!.remove();
    web!.remove();
    await Promise.all([
      scene.publish('db', [configMap('db', { is: 'second' }), configMap('db-new')]),
      scene.publish('web', [configMap('web', { is: 'second' }), stuckDeployment('stuck')]),
    ]);
    const ready = await scene.settled('shop', rolledBack);
    assert.match(ready.message, /^stage "web" failed: verify: .*; rolled back stage "db" to .*, stage "web" to .*$/);
    for (const { artifact } of [db!, web!]) assert.ok(ready.message.includes(artifact.revision));
    assert.deepEqual([await dataOf(scene, 'db'), await dataOf(scene, 'web')], [{ is: 'first' }, { is: 'first' }]);
    assert.deepEqual(
      await scene.ownedBy('shop'),
      ['db', 'db-old', 'late', 'web', 'web-old'].map((name) => `ConfigMap/${name}`),
    );
    const set = await scene.read('shop');
    assert.deepEqual(phasesOf(set), { db: 'Ready', web: 'Failed', late: 'Ready' });
    assert.deepEqual(
      set.status?.stages?.slice(0, 2).map(({ appliedRevision }) => appliedRevision),
      [db!.artifact.revision, web!.artifact.revision],
    );
    assert.deepEqual(set.status?.lastAppliedSnapshot, lastAppliedSnapshot);
    assert.deepEqual(set.status?.lastAppliedRevisions, lastAppliedRevisions);
    await eventually(async () => assert.ok((await reasonsOf(scene)).includes('RolledBack')));

    const mended = await scene.publish('web', [configMap('web', { is: 'third' })]);
    await scene.settled('shop', succeededWith(mended));
    assert.deepEqual([await dataOf(scene, 'db'), await dataOf(scene, 'web')], [{ is: 'second' }, { is: 'third' }]);
  });

  test('a failed revision is left alone, events or not, until its time has come or it is asked for', async (t) => {
    const scene = await start(t);
    await scene.publish('app', [configMap('app', { is: 'first' })]);
    await scene.roll('shop', { ...withRollback(oneStage('app')), retryInterval: '6s' });
    await scene.settled('shop', succeeded);
    await scene.publish('app', [configMap('app', { is: 'second' }), stuckDeployment('stuck')]);
    await scene.settled('shop', rolledBack);
    const lastTry = async () => (await scene.read('shop')).status?.history?.[0]?.startedAt;
    const first = await lastTry();
    await scene.api.patch(scene.ref('ConfigMap', 'app'), { data: { is: 'edited' } }); // drift wakes it
    const held = new RegExp(`"msg":"was rolled back, and is not tried again yet","stageset":"${scene.namespace}/shop"`);
    await eventually(async () => assert.match((await controller!).log, held));
    assert.deepEqual([await lastTry(), await dataOf(scene, 'app')], [first, { is: 'edited' }]);

    await eventually(async () => assert.notEqual(await lastTry(), first));
    assert.deepEqual(await dataOf(scene, 'app'), { is: 'first' });

    await scene.roll('shop', { ...withRollback(oneStage('app')), retryInterval: '1h' });
    await scene.settled('shop', rolledBack);
    const third = await lastTry();
    await scene.annotate('shop', { [keys.requestedAt]: 'now' });
    await eventually(async () => {
      assert.equal((await scene.read('shop')).status?.lastHandledReconcileAt, 'now');
      assert.notEqual(await lastTry(), third);
    });
  });

  test('an entry that is gone or corrupted: built again from its source, and if that has gone too nothing is touched', async (t) => {
    const scene = await start(t);
    const first = await scene.publish('db', [configMap('db', { is: 'first' })]);
    await scene.publish('web', [configMap('web', { is: 'first' })]);
    await scene.roll('shop', withRollback(stagesOf('db', 'web')));
    await scene.settled('shop', succeeded);
    const [entry, ...others] = (await entriesOf(scene)).filter((path) => path.includes('/db/'));
    assert.deepEqual(others, []);
    const bytes = await readFile(entry!);
    bytes[0]! ^= 1;
    await writeFile(entry!, bytes);
    await Promise.all([
      scene.publish('db', [configMap('db', { is: 'second' })]),
      scene.publish('web', [configMap('web', { is: 'second' }), stuckDeployment('stuck')]),
    ]);
    await scene.settled('shop', rolledBack);
    assert.deepEqual(await dataOf(scene, 'db'), { is: 'first' });
    await eventually(async () => {
      const failed = (await scene.events('shop')).find(({ reason }) => reason === 'RollbackStoreFailed');
      assert.equal(failed?.note, 'stage "db": the rollback store cannot give back an entry: it is corrupted');
    });

    await rm(entry!);
    first.remove();
    // What is kept unpacked in memory goes by its digest, so another one is asked for.
    const snapshots = (await scene.read('shop')).status?.lastAppliedSnapshot ?? [];
    const [db, web] = snapshots.map((each) =>
      each.stage === 'db' ? { ...each, digest: `sha256:${'0'.repeat(64)}` } : each,
    );
    const status = { lastAppliedSnapshot: [db, web] };
    await scene.api.patch(scene.ref('StageSet', 'shop'), { status }, { subresource: 'status' });
    await scene.annotate('shop', { [keys.requestedAt]: 'again' });
    const ready = await scene.settled('shop', because('PreviousRevisionUnavailable'));
    assert.match(
      ready.message,
      /^stage "web" failed: verify: .*; cannot roll back: stage "db" at .*: fetch artifact: /,
    );
    assert.deepEqual([await dataOf(scene, 'db'), await dataOf(scene, 'web')], [{ is: 'second' }, { is: 'second' }]);
  });

  test('a first run has nothing to go back to, and a stage that is new is left alone', async (t) => {
    const scene = await start(t);
    await scene.publish('db', [configMap('db', { is: 'first' })]);
    await scene.publish('new', [stuckDeployment('stuck')]);
    await scene.roll('shop', withRollback(stagesOf('db', 'new')));
    const ready = await scene.settled('shop', because('StageFailed'));
    assert.match(ready.message, /^stage "new" failed: verify: /);
    assert.ok(!rolledBack(ready));

    await scene.roll('shop', withRollback(stagesOf('db')));
    await scene.settled('shop', succeeded);
    await scene.publish('db', [configMap('db', { is: 'second' })]);
    await scene.roll('shop', withRollback(stagesOf('db', 'new')));
    const again = await scene.settled('shop', rolledBack);
    assert.match(again.message, /; rolled back stage "db" to [^ ]*$/);
    assert.deepEqual(await dataOf(scene, 'db'), { is: 'first' });
    assert.ok((await scene.ownedBy('shop')).includes('Deployment/stuck'));
  });

  test('a spec that renders otherwise is put back from the store; without an entry it cannot be', async (t) => {
    const scene = await start(t);
    await scene.publish('app', [configMap('app', { is: '${IS}' })]);
    const spec = (value: string, rest: Partial<StageSetSpec['stages'][number]> = {}) =>
      withRollback(oneStage('app', { postBuild: { substitute: { IS: value } }, ...rest }));
    await scene.roll('shop', spec('first'));
    await scene.settled('shop', succeeded);
    const stuck = { checks: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'nothing' }] };
    await scene.roll('shop', spec('second', { readyChecks: stuck }));
    await scene.settled('shop', rolledBack);
    assert.deepEqual(await dataOf(scene, 'app'), { is: 'first' });

    for (const path of await entriesOf(scene)) await rm(path);
    await scene.roll('shop', spec('third', { readyChecks: stuck }));
    const ready = await scene.settled('shop', because('PreviousRevisionUnavailable'));
    assert.match(ready.message, /what its variables come from has changed since/);
    assert.deepEqual(await dataOf(scene, 'app'), { is: 'third' });
  });

  test('of what is decrypted only ciphertext is kept; without its key there is no way back', async (t) => {
    const scene = await start(t);
    const CANARY = 'hunter2-in-the-store';
    const key = await newAgeKey();
    const keySecret = (identity: string) =>
      scene.api.apply({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'keys', namespace: scene.namespace },
        stringData: { 'a.agekey': identity },
      });
    await keySecret(key.identity);
    const publish = async (value: string, recipient: string) =>
      scene.publishAs('app', {
        files: { 'secret.json': await sealedSecret({ recipient }, 'database', { password: value }) },
      });
    const first = await publish(CANARY, key.recipient);
    const spec = withRollback({ ...oneStage('app'), decryption: { provider: 'sops', secretRef: { name: 'keys' } } });
    await scene.roll('shop', spec);
    await scene.settled('shop', succeeded);
    first.remove();
    const kept = await entriesOf(scene);
    assert.equal(kept.length, 1);
    for (const path of kept) assert.ok(!(await readFile(path)).includes(CANARY));

    const checks = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'nothing' }];
    const failing = { ...spec, stages: spec.stages.map((stage) => ({ ...stage, readyChecks: { checks } })) };
    await publish('second', key.recipient);
    await scene.roll('shop', failing);
    await scene.settled('shop', rolledBack);
    const passwordIn = async () =>
      Buffer.from((await dataOf(scene, 'database', 'Secret'))?.password ?? '', 'base64').toString();
    assert.equal(await passwordIn(), CANARY);

    const rotated = await newAgeKey();
    await keySecret(rotated.identity);
    await publish('third', rotated.recipient);
    const ready = await scene.settled('shop', because('PreviousRevisionUnavailable'));
    assert.match(ready.message, /cannot roll back: stage "app" at .*: build: .*no configured age identity opens it/);
    assert.equal(await passwordIn(), 'third');
  });

  test('a ConfigMap that changes lets the revision be tried again, and what was applied comes back all the same', async (t) => {
    const scene = await start(t);
    const values = (IS: string) =>
      scene.api.apply({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'values', namespace: scene.namespace },
        data: { IS },
      } as KubeObject);
    await values('first');
    await scene.publish('app', [configMap('app', { is: '${IS}' })]);
    const postBuild: StageSetSpec['stages'][number]['postBuild'] = {
      substituteFrom: [{ kind: 'ConfigMap', name: 'values' }],
    };
    await scene.roll('shop', withRollback(oneStage('app', { postBuild })));
    await scene.settled('shop', succeeded);
    await scene.publish('app', [configMap('app', { is: '${IS} and more' }), stuckDeployment('stuck')]);
    await scene.settled('shop', rolledBack);
    const lastTry = async () => (await scene.read('shop')).status?.history?.[0]?.startedAt;
    const first = await lastTry();
    await values('second');
    await eventually(async () => assert.notEqual(await lastTry(), first));
    await scene.settled('shop', rolledBack);
    assert.deepEqual(await dataOf(scene, 'app'), { is: 'first' });
  });

  test('what cannot be put back is said, and is no rollback', async (t) => {
    const scene = await start(t);
    await scene.publish('app', [configMap('app', { is: 'first' })]);
    await scene.roll('shop', withRollback(oneStage('app')));
    await scene.settled('shop', succeeded);
    await scene.publish('app', [configMap('app', { is: 'second' }), stuckDeployment('stuck')]);
    await eventually(async () => assert.deepEqual(await dataOf(scene, 'app'), { is: 'second' }));
    await scene.api.patch(scene.ref('ConfigMap', 'app'), { immutable: true }); // nobody can change it any more
    const ready = await scene.settled('shop', because('StageFailed'));
    const both = /^stage "app" failed: verify: .*; not all is rolled back: stage "app" failed: apply: .*immutable/;
    assert.match(ready.message, both);
    assert.ok(!(await reasonsOf(scene)).includes('RolledBack'));
  });

  test('the example goes back with its settings when the app does not come up', async (t) => {
    const scene = await start(t);
    const { stageSet, sources } = await readExample(join(import.meta.dirname, '../../examples/rollback/web'));
    const files = sources.get('manifests') ?? assert.fail();
    const edited = (path: string, from: string, to: string) => ({ [path]: String(files[path]).replace(from, to) });
    await scene.publishAs('manifests', { files });
    await scene.roll('shop', { ...stageSet.spec, timeout: '5s' });
    await scene.settled('shop', succeeded);
    await scene.publishAs('manifests', {
      files: {
        ...files,
        ...edited('settings/settings.yaml', 'hello', 'bonjour'),
        ...edited('web/deployment.yaml', 'nodeSelector: {}', 'nodeSelector: {disk: none}'),
      },
    });
    await scene.settled('shop', rolledBack);
    assert.deepEqual(await dataOf(scene, 'settings'), { greeting: 'hello' });
    const web = await scene.find<KubeObject & { status: { readyReplicas: number } }>('Deployment', 'web');
    assert.equal(web?.status.readyReplicas, 2);
  });

  test('onFailure actions run before it, and while it puts things back no action runs', async (t) => {
    const scene = await start(t);
    const server = await startHttpServer(t, (_, response) => void response.writeHead(204).end());
    const action = (name: string) => ({ name, http: { url: `${server.origin}/${name}` } });
    const actions = { pre: [action('pre')], post: [action('post')], onFailure: [action('failed')] };
    await scene.publish('app', [configMap('app', { is: 'first' })]);
    await scene.roll('shop', withRollback(oneStage('app', { actions })));
    await scene.settled('shop', succeeded);
    await scene.publish('app', [configMap('app', { is: 'second' }), stuckDeployment('stuck')]);
    await scene.settled('shop', rolledBack);
    assert.deepEqual(await dataOf(scene, 'app'), { is: 'first' });
    assert.deepEqual(server.requests, ['/pre', '/post', '/pre', '/failed']);
  });

  test('three entries of a stage are kept, none of one that left, and none when the StageSet is deleted', async (t) => {
    const scene = await start(t);
    await scene.publish('gone', [configMap('gone')]);
    await scene.publish('app', [configMap('app', { is: '0' })]);
    await scene.roll('shop', withRollback(stagesOf('app', 'gone')));
    await scene.settled('shop', succeeded);
    assert.equal((await entriesOf(scene)).length, 2);
    await scene.roll('shop', withRollback(stagesOf('app')));
    for (const is of ['1', '2', '3', '4']) {
      const published = await scene.publish('app', [configMap('app', { is })]);
      await scene.settled('shop', succeededWith(published));
    }
    const kept = await entriesOf(scene);
    assert.equal(kept.length, 3);
    const { lastAppliedSnapshot = [] } = (await scene.read('shop')).status ?? {};
    const current = lastAppliedSnapshot[0]?.renderDigest?.replace(':', '-') ?? 'none';
    assert.ok(kept.some((path) => path.endsWith(current)));
    await scene.remove('shop');
    await scene.gone('shop');
    assert.deepEqual(await entriesOf(scene), []);
  });
});
