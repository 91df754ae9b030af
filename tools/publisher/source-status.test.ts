import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeArtifact, type Source, type SourceKind, statusWhenFailed, statusWhenStored } from './source-status.ts';

const sha256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
const sha1 = 'a9993e364706816aba3e25717850c26c9cd0d89d';

const rows: readonly [SourceKind, path: string, revision: string][] = [
  ['ExternalArtifact', `externalartifact/shop/app/${sha256}.tar.gz`, `latest@sha256:${sha256}`],
  ['GitRepository', `gitrepository/shop/app/${sha1}.tar.gz`, `main@sha1:${sha1}`],
  ['OCIRepository', `ocirepository/shop/app/sha256:${sha256}.tar.gz`, `latest@sha256:${sha256}`],
  ['Bucket', `bucket/shop/app/${sha256}.tar.gz`, `sha256:${sha256}`],
];

for (const [kind, path, revision] of rows) {
  test(`the artifact of a ${kind} is named as source-controller names it`, () => {
    assert.deepEqual(artifactOf(kind), {
      url: `http://127.0.0.1:1/${path}`,
      path,
      digest: `sha256:${sha256}`,
      revision,
      size: 3,
      lastUpdateTime: '2030-01-02T03:04:05Z',
    });
  });
}

test('a source that stays ready keeps the time it became so', () => {
  const first = statusWhenStored(source('Bucket'), artifactOf('Bucket'), at('2030-01-02T03:04:05.678Z'));
  const again = statusWhenStored(source('Bucket', first), artifactOf('Bucket'), at('2031-01-01T00:00:00Z'));
  assert.deepEqual(
    again.conditions.map(({ lastTransitionTime }) => lastTransitionTime),
    ['2030-01-02T03:04:05Z', '2030-01-02T03:04:05Z'],
  );
});

test('a failure turns Ready over, and success takes the failure away', () => {
  const stored = statusWhenStored(source('Bucket'), artifactOf('Bucket'), at('2030-01-01T00:00:00Z'));
  const failed = statusWhenFailed(source('Bucket', stored), 'Broken', 'no route', at('2030-01-02T00:00:00Z'));
  assert.deepEqual(brief(failed), [
    'Ready=False Broken',
    'FetchFailed=True Broken',
    'ArtifactInStorage=True Succeeded',
  ]);
  assert.equal(failed.conditions[0]!.lastTransitionTime, '2030-01-02T00:00:00Z');
  const mended = statusWhenStored(source('Bucket', failed), artifactOf('Bucket'), at('2030-01-03T00:00:00Z'));
  assert.deepEqual(brief(mended), ['Ready=True Succeeded', 'ArtifactInStorage=True Succeeded']);
});

test('an ExternalArtifact tells Ready and nothing else', () => {
  const status = statusWhenStored(
    source('ExternalArtifact'),
    artifactOf('ExternalArtifact'),
    at('2030-01-01T00:00:00Z'),
  );
  assert.deepEqual(Object.keys(status), ['artifact', 'conditions']);
  assert.deepEqual(brief(status), ['Ready=True Succeeded']);
});

function artifactOf(kind: SourceKind) {
  const archive = Buffer.from('abc');
  const now = at('2030-01-02T03:04:05.678Z');
  return describeArtifact({ kind, namespace: 'shop', name: 'app', archive, serverUrl: 'http://127.0.0.1:1', now });
}

function source(kind: SourceKind, status: Source['status'] = {}): Source {
  const metadata = { namespace: 'shop', name: 'app', generation: 2 };
  return { apiVersion: 'source.toolkit.fluxcd.io/v1', kind, metadata, status };
}

function brief({ conditions }: NonNullable<Source['status']>) {
  return conditions?.map(({ type, status, reason }) => `${type}=${status} ${reason}`);
}

function at(time: string): Date {
  return new Date(time);
}
