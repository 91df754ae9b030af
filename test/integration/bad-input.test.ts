import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { StageSetSpec } from '../../src/shared/api/types.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { packArchive } from '../../tools/publisher/archive.ts';
import {
  because,
  configMap,
  deployment,
  oneStage,
  phasesOf,
  type Scene,
  stagesOf,
  startScene,
  succeeded,
} from '../harness/scene.ts';
import { CANARY } from '../support/canary.ts';
import { craftTar } from '../support/crafted-tar.ts';

const good = configMap('good');

/** An artifact that was downloaded before, for another test, is not downloaded again. */
const onlyIn = (namespace: string) => configMap('good', { namespace });

interface BadInput {
  readonly name: string;
  /** Sets the scene; the StageSet that is then rolled out. */
  readonly given: (scene: Scene) => Promise<StageSetSpec>;
  readonly reason: string;
  readonly message: RegExp;
}

/** Each is the only thing wrong: the ConfigMap beside it would be applied. */
const badInputs: readonly BadInput[] = [
  {
    name: 'an artifact of another digest',
    given: async ({ publishAs }) => {
      await publishAs('app', { files: { 'a.yaml': JSON.stringify(good) }, digest: `sha256:${'0'.repeat(64)}` });
      return oneStage('app');
    },
    reason: 'StageFailed',
    message: /^stage "app" failed: fetch artifact: artifact does not match its digest: expected sha256:000/,
  },
  {
    name: 'an archive that ends too early',
    given: async ({ publishAs }) => {
      const archive = await packArchive({ 'a.yaml': JSON.stringify(good) });
      await publishAs('app', { archive: archive.subarray(0, archive.length / 2) });
      return oneStage('app');
    },
    reason: 'StageFailed',
    message: /^stage "app" failed: fetch artifact: artifact is not valid gzip: unexpected end of file$/,
  },
  {
    name: 'a download that breaks off each time',
    given: async ({ publish, namespace }) => {
      const published = await publish('app', [onlyIn(namespace)]);
      published.misbehave({ fault: { is: 'truncated', afterBytes: 20 } });
      return oneStage('app');
    },
    reason: 'StageFailed',
    message: /^stage "app" failed: fetch artifact: http:\/\/127\.0\.0\.1:\d+\/.*: cut off before its end$/,
  },
  {
    name: 'a page instead of an archive',
    given: async ({ publishAs }) => {
      await publishAs('app', { archive: Buffer.from('<html>not found</html>'.repeat(100)) });
      return oneStage('app');
    },
    reason: 'StageFailed',
    message: /^stage "app" failed: fetch artifact: artifact is not a tar archive/,
  },
  {
    name: 'a tar bomb',
    given: async ({ publishAs }) => {
      const zeros = new Uint8Array(15 * 2 ** 20);
      const entries = Array.from({ length: 6 }, (_, i) => ({ name: `${i}.yaml`, body: zeros }));
      await publishAs('app', { archive: gzipSync(craftTar(entries), { level: 1 }) });
      return oneStage('app');
    },
    reason: 'StageFailed',
    message: /^stage "app" failed: fetch artifact: artifact .*64 MiB/,
  },
  {
    name: 'a path that leaves the archive',
    given: async ({ publishAs }) => {
      const body = JSON.stringify(good);
      const archive = gzipSync(craftTar(['a.yaml', '../../etc/evil.yaml'].map((name) => ({ name, body }))));
      await publishAs('app', { archive });
      return oneStage('app');
    },
    reason: 'StageFailed',
    message:
      /^stage "app" failed: fetch artifact: artifact holds a name that is absolute or has "\.\.": "\.\.\/\.\.\/etc\/evil\.yaml"$/,
  },
  {
    name: 'a stage path that the artifact lacks',
    given: async ({ publish }) => {
      await publish('app', [good]);
      return oneStage('app', { path: './no/such/folder' });
    },
    reason: 'StageFailed',
    message: /^stage "app" failed: build: .*no\/such\/folder.*/,
  },
  {
    name: 'a stage path without a manifest',
    given: async ({ publishAs }) => {
      await publishAs('app', { files: { 'a.yaml': JSON.stringify(good), 'docs/README.md': '# nothing to apply\n' } });
      return oneStage('app', { path: './docs' });
    },
    reason: 'StageFailed',
    message: /^stage "app" failed: build: .*docs.*/,
  },
  {
    name: 'a manifest that is not YAML',
    given: async ({ publishAs }) => {
      await publishAs('app', {
        files: { 'a.yaml': JSON.stringify(good), 'broken.yaml': 'kind: [ConfigMap\n  oops: {' },
      });
      return oneStage('app');
    },
    reason: 'StageFailed',
    message: /^stage "app" failed: build: "broken\.yaml": not valid YAML: line 2: /,
  },
  {
    name: 'several objects that the API server refuses',
    given: async ({ publish }) => {
      const port = { port: 99_999_999 };
      await publish('app', [
        good,
        { apiVersion: 'v1', kind: 'Service', metadata: { name: 'bad-port' }, spec: { ports: [port] } },
        { ...deployment('bad-replicas'), spec: { replicas: 'many' } },
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'Bad_Name' } },
      ]);
      return oneStage('app');
    },
    reason: 'StageFailed',
    message:
      /^(?=.*Service \S+\/bad-port: .*99999999)(?=.*Deployment \S+\/bad-replicas: .*replicas)(?=.*ConfigMap \S+\/Bad_Name: )stage "app" failed: apply: /,
  },
  {
    name: 'a kind that is not installed',
    given: async ({ publish }) => {
      await publish('app', [
        good,
        { apiVersion: 'example.test/v1', kind: 'Gadget', metadata: { name: 'g' }, spec: { size: 1 } },
      ]);
      return oneStage('app');
    },
    reason: 'StageFailed',
    message:
      /^stage "app" failed: apply: Gadget \S+\/g: the cluster has no kind Gadget in example\.test\/v1: install its CRD first$/,
  },
  {
    name: 'an object in two stages',
    given: async ({ publish }) => {
      await publish('one', [good]);
      await publish('two', [good]);
      return stagesOf('one', 'two');
    },
    reason: 'InvalidSpec',
    message: /^an object may be in one stage only: ConfigMap \S+\/good is in the stages "one" and "two"$/,
  },
  {
    name: 'an object twice in one stage',
    given: async ({ publish }) => {
      await publish('app', [good, good]);
      return oneStage('app');
    },
    reason: 'StageFailed',
    message: /^stage "app" failed: build: ConfigMap good is there twice: "0000\.yaml" and "0001\.yaml"$/,
  },
  {
    name: 'a source that is not ready',
    given: async ({ publish, publisher, namespace }) => {
      await publish('app', [good]);
      await publisher.fail({ namespace, name: 'app', reason: 'AuthenticationFailed', message: 'the key was refused' });
      return oneStage('app');
    },
    reason: 'SourceNotReady',
    message: /^stage "app": ExternalArtifact "\S+\/app" is not ready: the key was refused$/,
  },
  {
    name: 'a source that does not exist',
    given: async () => oneStage('nowhere'),
    reason: 'ArtifactNotFound',
    message: /^stage "app": ExternalArtifact "\S+\/nowhere" does not exist$/,
  },
  {
    name: 'an artifact server that has it no more',
    given: async ({ publish, namespace }) => {
      (await publish('app', [onlyIn(namespace)])).remove();
      return oneStage('app');
    },
    reason: 'StageFailed',
    message: /^stage "app" failed: fetch artifact: http:\/\/127\.0\.0\.1:\d+\/\S+: not there \(HTTP 404\)$/,
  },
  {
    name: 'an artifact server that fails',
    given: async ({ publish, namespace }) => {
      (await publish('app', [onlyIn(namespace)])).misbehave({ fault: { is: 'status', status: 500 } });
      return oneStage('app');
    },
    reason: 'StageFailed',
    message: /^stage "app" failed: fetch artifact: http:\/\/127\.0\.0\.1:\d+\/\S+: HTTP 500$/,
  },
];

describe('bad input', { concurrency: 6 }, () => {
  for (const { name, given, reason, message } of badInputs) {
    test(name, async (t) => {
      const scene = await startScene(t);
      await scene.controller();
      await scene.roll('app', await given(scene));
      const ready = await scene.settled('app', because(reason));
      assert.equal(ready.status, 'False');
      assert.match(ready.message, message);
      assert.deepEqual(await scene.ownedBy('app'), [], 'nothing was applied');
      if (reason === 'StageFailed') assert.deepEqual(phasesOf(await scene.read('app')), { app: 'Failed' });
      await eventually(async () => {
        const warnings = (await scene.events('app')).filter(({ type }) => type === 'Warning');
        // A watch that lags may show the source before it is ready.
        const told = warnings.filter((event) => event.reason === reason || event.reason !== 'SourceNotReady');
        assert.deepEqual(
          told.map((event) => event.reason),
          [reason],
        );
        assert.match(told[0]!.note, message);
      });
    });
  }

  test('a source that becomes ready and an artifact that comes are taken at once', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publisher.fail({ namespace: scene.namespace, name: 'app', reason: 'Failed', message: 'no route' });
    await scene.roll('app', oneStage('app'));
    await scene.settled('app', because('SourceNotReady'));
    await scene.publish('app', [good]);
    await scene.settled('app', succeeded);
    assert.deepEqual(await scene.ownedBy('app'), ['ConfigMap/good']);
  });

  test('a stage that cannot be built fails at its turn: the one before it is out by then', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('first', [good]);
    await scene.publishAs('second', { files: { 'broken.yaml': '{' } });
    await scene.roll('app', stagesOf('first', 'second'));
    const ready = await scene.settled('app', because('StageFailed'));
    assert.match(ready.message, /^stage "second" failed: build: "broken\.yaml": not valid YAML/);
    assert.deepEqual(phasesOf(await scene.read('app')), { first: 'Ready', second: 'Failed' });
    assert.deepEqual(await scene.ownedBy('app'), ['ConfigMap/good']);
  });

  test('a stage that the API server refuses leaves what it had as it was', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [configMap('a', { version: '1' })]);
    await scene.roll('app', oneStage('app'));
    await scene.settled('app', succeeded);
    await scene.publish('app', [configMap('a', { version: '2' }), { ...configMap('b'), data: 'no map' }]);
    const ready = await scene.settled('app', because('StageFailed'));
    assert.match(ready.message, /^stage "app" failed: apply: ConfigMap \S+\/b: .*\.data/);
    assert.deepEqual((await scene.find<{ data: object }>('ConfigMap', 'a'))?.data, { version: '1' });
    assert.deepEqual(await scene.ownedBy('app'), ['ConfigMap/a']);
  });

  test('a render of nothing prunes nothing until it is allowed to', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [configMap('a'), configMap('b'), configMap('c')]);
    await scene.roll('app', oneStage('app'));
    await scene.settled('app', succeeded);
    await scene.publishAs('app', { files: { 'all-gone.yaml': '# nothing left\n' } });
    const ready = await scene.settled('app', because('StageFailed'));
    assert.match(ready.message, /^stage "app" failed: prune: .*would prune all 3 objects; .*allow-empty=true$/);
    assert.equal((await scene.ownedBy('app')).length, 3);
    await scene.annotate('app', { 'stages.metio.wtf/allow-empty': 'true' });
    await scene.settled('app', succeeded);
    assert.deepEqual(await scene.ownedBy('app'), []);
  });

  test('a value of a Secret is never quoted, whoever refuses it', async (t) => {
    const scene = await startScene(t);
    const controller = await scene.controller();
    const secret = (name: string, rest: object) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name }, ...rest });
    await scene.publish('app', [
      secret('not-base64', { data: { password: `${CANARY}!` } }),
      secret('no-string', { stringData: { password: [CANARY] } }),
      secret('no-map', { data: CANARY }),
      secret('wrong-type', { immutable: CANARY, stringData: { password: 'x' } }),
      secret('bad-key', { stringData: { [`/${'x'.repeat(3)}`]: CANARY }, type: 'kubernetes.io/tls' }),
    ]);
    await scene.roll('app', oneStage('app'));
    const ready = await scene.settled('app', because('StageFailed'));
    for (const name of ['not-base64', 'no-string', 'no-map', 'wrong-type', 'bad-key']) {
      assert.match(ready.message, new RegExp(`Secret \\S+/${name}: refused`));
    }
    const events = await eventually(async () => {
      const found = await scene.events('app');
      assert.equal(found.length, 1);
      return found;
    });
    const told = JSON.stringify([await scene.read('app'), events, controller.log]);
    for (const text of [CANARY, Buffer.from(CANARY).toString('base64')]) assert.ok(!told.includes(text));
    assert.deepEqual(await scene.ownedBy('app'), []);
  });
});
