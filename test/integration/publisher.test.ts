import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { startPublisher } from '../../tools/publisher/publisher.ts';
import type { Artifact, Condition, SourceKind } from '../../tools/publisher/source-status.ts';
import { startCluster } from '../harness/cluster.ts';

interface LiveSource {
  readonly metadata: { readonly generation: number };
  readonly status: {
    readonly artifact: Artifact;
    readonly conditions: readonly Condition[];
    readonly observedGeneration?: number;
    readonly url?: string;
  };
}

const kinds: readonly SourceKind[] = ['ExternalArtifact', 'GitRepository', 'OCIRepository', 'Bucket'];
const apiVersion = 'source.toolkit.fluxcd.io/v1';

for (const kind of kinds) {
  test(`a published ${kind} is ready and its artifact can be downloaded`, async (t) => {
    const { api, namespace } = await startCluster(t);
    await using publisher = await startPublisher(api);
    const { artifact } = await publisher.publish({ kind, namespace, name: 'app', files: { 'a.yaml': 'a: 1\n' } });

    const { status, metadata } = await api.get<LiveSource>({ apiVersion, kind, namespace, name: 'app' });
    assert.deepEqual(status.artifact, artifact);
    const ready = status.conditions.find(({ type }) => type === 'Ready')!;
    assert.deepEqual(
      [ready.status, ready.reason, ready.observedGeneration],
      ['True', 'Succeeded', metadata.generation],
    );
    const body = Buffer.from(await (await fetch(artifact.url)).arrayBuffer());
    assert.equal(body.length, artifact.size);
    assert.equal(`sha256:${createHash('sha256').update(body).digest('hex')}`, artifact.digest);
  });
}

test('a new revision replaces the old one, whose file stays until it is removed', async (t) => {
  const { api, namespace } = await startCluster(t);
  await using publisher = await startPublisher(api);
  const source = { kind: 'GitRepository', namespace, name: 'app' } as const;
  const first = await publisher.publish({ ...source, files: { 'a.yaml': 'a: 1\n' } });
  const second = await publisher.publish({ ...source, files: { 'a.yaml': 'a: 2\n' } });
  const { status } = await api.get<LiveSource>({ apiVersion, ...source });
  assert.equal(status.artifact.revision, second.artifact.revision);
  assert.notEqual(first.artifact.revision, second.artifact.revision);
  assert.equal((await fetch(first.artifact.url)).status, 200);
  first.remove();
  assert.equal((await fetch(first.artifact.url)).status, 404);
  assert.deepEqual([first.downloads(), second.downloads()], [2, 0]);
});

test('a failed source keeps its artifact', async (t) => {
  const { api, namespace } = await startCluster(t);
  await using publisher = await startPublisher(api);
  const source = { kind: 'Bucket', namespace, name: 'app' } as const;
  const { artifact } = await publisher.publish({ ...source, files: { 'a.yaml': 'a: 1\n' } });
  await publisher.fail({ ...source, reason: 'BucketOperationFailed', message: 'no route to host' });
  const { status } = await api.get<LiveSource>({ apiVersion, ...source });
  assert.deepEqual(status.artifact, artifact);
  const told = status.conditions.map(({ type, status }) => `${type}=${status}`).toSorted();
  assert.deepEqual(told, ['ArtifactInStorage=True', 'FetchFailed=True', 'Ready=False']);
});
