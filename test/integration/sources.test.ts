import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { StageSetSpec } from '../../src/shared/api/types.ts';
import { installCrds } from '../../tools/control-plane/crds.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { because, configMap, oneStage, type Scene, startScene, succeeded, succeededWith } from '../harness/scene.ts';

const soon = { timeoutMs: 15_000 };
const files = (name: string) => ({ 'a.yaml': JSON.stringify(configMap(name)) });

function fromSource(sourceRef: StageSetSpec['stages'][number]['sourceRef']): StageSetSpec {
  return { ...oneStage(''), stages: [{ name: 'app', sourceRef }] };
}

const producer = { apiVersion: 'build.example.test/v1', kind: 'Generator', name: 'gen' };

function publishMadeBy(scene: Scene, name: string, content: string) {
  return scene.publishAs(name, { files: files(content), spec: { sourceRef: producer } });
}

// First: it needs a controller that has never seen the kind.
test('a kind of source that is not installed is named, and watched as soon as it is', async (t) => {
  const scene = await startScene(t);
  const crd = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    name: 'buckets.source.toolkit.fluxcd.io',
  };
  await scene.api.delete(crd);
  await eventually(async () => assert.equal(await scene.api.find(crd), undefined));
  await scene.controller();
  await scene.roll('app', fromSource({ kind: 'Bucket', name: 'app' }));
  const ready = await scene.settled('app', because('ResolveFailed'));
  assert.match(ready.message, /^stage "app": the kind Bucket of source\.toolkit\.fluxcd\.io is not installed/);

  await installCrds(scene.api, scene.plane.toolset.fluxCrds);
  await scene.settled('app', because('ArtifactNotFound'), soon);
  await scene.publishAs('app', { kind: 'Bucket', files: files('a') });
  await scene.settled('app', succeeded, soon);
});

describe('sources', { concurrency: 4 }, () => {
  for (const kind of ['ExternalArtifact', 'GitRepository', 'OCIRepository', 'Bucket'] as const) {
    test(`a ${kind} is rolled out, and again when it moves`, async (t) => {
      const scene = await startScene(t);
      await scene.controller();
      const first = await scene.publishAs('app', { kind, files: files('first') });
      await scene.roll('app', fromSource({ kind, name: 'app' }));
      await scene.settled('app', succeededWith(first));
      const { status } = await scene.read('app');
      assert.deepEqual(status?.lastAppliedRevisions, { [`${scene.namespace}/app`]: first.artifact.revision });
      const second = await scene.publishAs('app', { kind, files: files('second') });
      await scene.settled('app', succeededWith(second), soon);
      assert.deepEqual(await scene.ownedBy('app'), ['ConfigMap/second']);
    });
  }

  test('a producer leads to the one ExternalArtifact that names it', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.roll('app', fromSource(producer));
    const missing = await scene.settled('app', because('ArtifactNotFound'));
    assert.match(
      missing.message,
      /no ExternalArtifact in namespace "\S+" names Generator "gen" in its spec\.sourceRef$/,
    );
    const made = await publishMadeBy(scene, 'gen-1', 'made');
    await scene.settled('app', succeededWith(made), soon);

    await publishMadeBy(scene, 'gen-2', 'made too');
    const unclear = await scene.settled('app', because('ResolveFailed'), soon);
    assert.match(
      unclear.message,
      /Generator "gen" is named by several ExternalArtifacts: "gen-1", "gen-2"; exactly one may$/,
    );
    assert.deepEqual(await scene.ownedBy('app'), ['ConfigMap/made']);
  });

  test('stages that share a source share its download and its revision', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    const shared = await scene.publishAs('mono', {
      files: { 'one/a.yaml': JSON.stringify(configMap('one')), 'two/a.yaml': JSON.stringify(configMap('two')) },
    });
    await scene.roll('app', {
      ...oneStage('mono'),
      stages: ['one', 'two'].map((name) => ({ name, path: `./${name}`, sourceRef: { name: 'mono' } })),
    });
    await scene.settled('app', succeeded);
    assert.deepEqual(await scene.ownedBy('app'), ['ConfigMap/one', 'ConfigMap/two']);
    const { status } = await scene.read('app');
    assert.deepEqual(
      status?.stages?.map(({ appliedRevision }) => appliedRevision),
      [shared.artifact.revision, shared.artifact.revision],
    );
    assert.equal(shared.downloads(), 1);
  });

  test('a source in another namespace is used, and told nothing of while it cannot be', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    const namespace = 'default';
    const name = scene.namespace;
    await scene.publisher.fail({ namespace, name, reason: 'Failed', message: 'a secret of that namespace' });
    await scene.roll('app', fromSource({ namespace, name }));
    const ready = await scene.settled('app', because('ResolveFailed'));
    assert.equal(ready.message, `cross-namespace ExternalArtifact "${name}" is not reachable`);
    const published = await scene.publisher.publish({ namespace, name, files: files('a') });
    await scene.settled('app', succeededWith(published), soon);
  });

  test('an artifact that moves to another address is not downloaded again', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    const published = await scene.publishAs('app', { files: files(scene.namespace) });
    await scene.roll('app', oneStage('app'));
    await scene.atRest('app');
    const before = (await scene.requests()).length;
    const source = scene.ref('ExternalArtifact', 'app');
    const moved = { ...published.artifact, url: published.artifact.url.replace('127.0.0.1', 'localhost') };
    await scene.api.patch(source, { status: { artifact: moved } }, { subresource: 'status' });
    await scene.annotate('app', { 'reconcile.fluxcd.io/requestedAt': 'now' });
    await eventually(async () => assert.equal((await scene.read('app')).status?.lastHandledReconcileAt, 'now'));
    assert.equal(published.downloads(), 1);
    const sent = (await scene.requests()).slice(before).map(({ resource }) => resource);
    // The address that is to be had again, and the token; a conflict has the StageSet read again.
    assert.deepEqual(
      [...new Set(sent)].filter((resource) => resource !== 'stagesets'),
      ['stagesets/status'],
    );
  });
});
