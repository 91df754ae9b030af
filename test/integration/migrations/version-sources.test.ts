import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { StageSetSpec } from '../../../src/shared/api/types.ts';
import { eventually } from '../../../tools/control-plane/eventually.ts';
import {
  because,
  configMap,
  deployment,
  type Manifest,
  type Scene,
  stagesOf,
  startScene,
  succeeded,
  succeededWith,
} from '../../harness/scene.ts';
import { journal, putJournal, write } from '../actions/scene.ts';

type Version = NonNullable<StageSetSpec['version']>;

const byLabel: Version = { fromObject: { stage: 'web', kind: 'Deployment', name: 'web' } };
const byFile: Version = { fromArtifact: { stage: 'web', path: 'release/VERSION' } };
const bySecret: Version = { fromObject: { stage: 'web', kind: 'Secret', name: 'meta', fieldPath: '{.stringData.v}' } };

function web(version: string): Manifest {
  const made = deployment('web', { replicas: 0 });
  return { ...made, metadata: { ...(made.metadata as object), labels: { 'app.kubernetes.io/version': version } } };
}

function releaseFiles(version: string): Readonly<Record<string, string>> {
  return { 'app/a.yaml': JSON.stringify(web('1.0.0')), 'release/VERSION': version };
}

async function prepared(t: Parameters<typeof startScene>[0]): Promise<Scene> {
  const scene = await startScene(t);
  await Promise.all([scene.controller(), putJournal(scene), scene.publish('db', [configMap('db')])]);
  return scene;
}

/** The stage `db`, before which everything up to 2.0.0 migrates, then `web`, which tells the version. */
async function roll(scene: Scene, version: Version, path = './'): Promise<void> {
  const [db, app] = stagesOf('db', 'web').stages;
  const migrations = [{ name: 'up', to: '2.0.0', stage: 'db', actions: [write('one')] }];
  await scene.roll('app', { ...stagesOf('db', 'web'), stages: [db!, { ...app!, path }], version, migrations });
}

const invalid: Readonly<Record<string, { version: Version; web: readonly Manifest[]; message: RegExp }>> = {
  'an object that is not rendered': {
    version: byLabel,
    web: [configMap('a')],
    message: /^spec\.version: the stage renders no Deployment "web"$/,
  },
  'an object without the label': {
    version: byLabel,
    web: [deployment('web')],
    message: /Deployment \S+\/web: app\.kubernetes\.io\/version is not found$/,
  },
  'a label that is no version': {
    version: byLabel,
    web: [web('latest')],
    message: /is no semantic version: "latest"$/,
  },
  'a secret that is no version': {
    version: bySecret,
    web: [{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'meta' }, stringData: { v: 'hunter2' } }],
    message: /\{\.stringData\.v\} of Secret \S+\/meta: is no semantic version$/,
  },
  'a file that is not there': {
    version: byFile,
    web: [configMap('a')],
    message: /^spec\.version: the file "release\/VERSION" is not in the artifact$/,
  },
};

describe('where a version comes from', { concurrency: 4 }, () => {
  test('a label that travels with the manifests', async (t) => {
    const scene = await prepared(t);
    await scene.publish('web', [web('1.4.0')]);
    await roll(scene, byLabel);
    await scene.settled('app', succeeded);
    assert.equal((await scene.read('app')).status?.version, '1.4.0');
    const next = await scene.publish('web', [web('v2.0.1')]);
    await scene.settled('app', succeededWith(next));
    assert.equal((await scene.read('app')).status?.version, '2.0.1');
    assert.deepEqual(await journal(scene), ['one']);
    const older = await scene.publish('web', [web('1.4.0')]);
    await scene.settled('app', because('DowngradeRequiresMigration'));
    const found = await scene.find('Deployment', 'web');
    assert.equal(found?.metadata.labels?.['app.kubernetes.io/version'], 'v2.0.1', older.artifact.revision);
  });

  test('a file of the artifact', async (t) => {
    const scene = await prepared(t);
    await scene.publishAs('web', { files: releaseFiles('1.4.0\n') });
    await roll(scene, byFile, './app');
    await scene.settled('app', succeeded);
    assert.equal((await scene.read('app')).status?.version, '1.4.0');
    const next = await scene.publishAs('web', { files: releaseFiles(' 2.0.0 ') }); // and nothing else is new
    await scene.settled('app', succeededWith(next));
    assert.equal((await scene.read('app')).status?.version, '2.0.0');
    assert.deepEqual(await journal(scene), ['one']);
    await scene.publishAs('web', { files: releaseFiles('x'.repeat(2_000)) });
    const { message } = await scene.settled('app', because('InvalidVersion'));
    assert.match(message, /"release\/VERSION" is over 1 KiB/);
  });

  for (const [name, { version, web: manifests, message }] of Object.entries(invalid)) {
    test(name, async (t) => {
      const scene = await prepared(t);
      await scene.publish('web', manifests);
      await roll(scene, version);
      const ready = await scene.settled('app', because('InvalidVersion'));
      assert.match(ready.message, message);
      assert.deepEqual(await scene.ownedBy('app'), [], 'nothing was applied');
      const good = await scene.publishAs('web', { files: { ...releaseFiles('1.0.0'), 'meta.yaml': secretMeta } });
      await scene.settled('app', succeededWith(good)); // terminal, until the source moves
    });
  }

  test('a corrupt status.version', async (t) => {
    const scene = await prepared(t);
    await scene.publish('web', [web('1.0.0')]);
    await roll(scene, byLabel);
    await scene.settled('app', succeeded);
    await scene.api.patch(scene.ref('StageSet', 'app'), { status: { version: 'one' } }, { subresource: 'status' });
    const next = await scene.publish('web', [web('2.0.0')]);
    const { message } = await scene.settled('app', because('InvalidVersion'));
    assert.equal(message, 'status.version: "one" is no semantic version');
    assert.deepEqual(await journal(scene), [], next.artifact.revision);
  });

  test('a stage that does not build has no version: nothing before it is applied', async (t) => {
    const scene = await prepared(t);
    await scene.publish('web', [{ ...web('1.0.0'), apiVersion: '???' }]);
    await roll(scene, byLabel);
    const { message } = await scene.settled('app', because('StageFailed'));
    assert.match(message, /^stage "web" failed: build: /);
    assert.deepEqual(await scene.ownedBy('app'), []);
    const good = await scene.publish('web', [web('1.0.0')]);
    await scene.settled('app', succeededWith(good));
  });

  test('a version that an earlier stage moves is migrated to before it is applied', async (t) => {
    const scene = await prepared(t);
    await scene.publish('db', [configMap('release', { VERSION: '1.0.0' })]);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what the manifest holds
    await scene.publish('web', [web('${VERSION:=1.0.0}')]);
    const [db, app] = stagesOf('db', 'web').stages;
    const substituteFrom = [{ kind: 'ConfigMap', name: 'release', optional: true }] as const;
    const begun = await scene.roll('app', {
      interval: '1h',
      retryInterval: '1h',
      stages: [db!, { ...app!, postBuild: { substituteFrom, substitute: { REGION: 'eu' } } }],
      version: byLabel,
      migrations: [{ name: 'up', to: '2.0.0', stage: 'web', actions: [write('one')] }],
    });
    await scene.settled('app', succeeded);
    const next = await scene.publish('db', [configMap('release', { VERSION: '2.0.0' })]);
    await scene.settled('app', (ready, set) => succeededWith(next)(ready, set) && set.status?.version === '2.0.0');
    assert.deepEqual(await journal(scene), ['one']);
    const told = (await scene.versions('app', begun)).map(({ status }) => status?.conditions?.[0]?.message);
    assert.ok(
      told.some((message) => message?.includes('build: the version is no longer 1.0.0')),
      told.join('\n'),
    );
  });

  test('without spec.version nothing is recorded, and what was is kept', async (t) => {
    const scene = await prepared(t);
    await scene.publish('web', [web('1.0.0')]);
    await roll(scene, byLabel);
    await scene.settled('app', succeeded);
    await scene.roll('app', stagesOf('db', 'web'));
    await scene.settled('app', succeeded);
    const next = await scene.publish('web', [web('2.0.0')]);
    await scene.settled('app', succeededWith(next));
    assert.equal((await scene.read('app')).status?.version, '1.0.0');
    await roll(scene, byLabel);
    await eventually(async () => assert.deepEqual(await journal(scene), ['one']));
  });
});

const secretMeta = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'meta' },
  stringData: { v: '1.0.0' },
});
