import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FluxSourceKind } from '../../shared/flux-sources.ts';
import { type Pin, revisionsOf } from './pin.ts';
import { type Resolved, resolveSource, type SourceRef, type Sources } from './resolve.ts';
import { type SourceObject, toSourceObject } from './source-object.ts';

const artifact = { url: 'http://s/a.tar.gz', digest: 'sha256:aa', revision: 'main@sha1:1', size: 3 };
const readyStatus = { artifact, conditions: [{ type: 'Ready', status: 'True' }] };

function source(
  kind: FluxSourceKind,
  name: string,
  { spec = {}, status = readyStatus as object, namespace = 'team' } = {},
) {
  const metadata = { name, namespace, generation: 2 };
  return toSourceObject(kind, { apiVersion: 'source.toolkit.fluxcd.io/v1', kind, metadata, spec, status });
}

function sourcesOf(...objects: readonly SourceObject[]): Sources {
  return {
    served: (kind) => kind !== 'Bucket',
    get: (kind, namespace, name) =>
      objects.find(
        (each) => each.kind === kind && each.metadata.namespace === namespace && each.metadata.name === name,
      ),
    publishedBy: (namespace, { group, kind, name }) =>
      objects.filter(
        ({ metadata, producer }) =>
          metadata.namespace === namespace &&
          producer?.group === group &&
          producer.kind === kind &&
          producer.name === name,
      ),
  };
}

const producedBy = (name: string) => ({
  spec: { sourceRef: { apiVersion: 'jaas.example/v1', kind: 'Snippet', name } },
});
const all = sourcesOf(
  source('ExternalArtifact', 'app'),
  source('GitRepository', 'app'),
  source('ExternalArtifact', 'one', producedBy('one')),
  source('ExternalArtifact', 'two-a', producedBy('two')),
  source('ExternalArtifact', 'two-b', producedBy('two')),
  source('ExternalArtifact', 'empty', { status: { conditions: [{ type: 'Ready', status: 'True' }] } }),
  source('ExternalArtifact', 'failing', {
    status: { artifact, conditions: [{ type: 'Ready', status: 'False', message: 'auth failed' }] },
  }),
  source('ExternalArtifact', 'behind', { status: { ...readyStatus, observedGeneration: 1 } }),
  source('ExternalArtifact', 'unobserved', { status: { ...readyStatus, observedGeneration: 0 } }),
  source('ExternalArtifact', 'silent', { status: { artifact } }),
  source('ExternalArtifact', 'far', { namespace: 'other' }),
  source('ExternalArtifact', 'far-failing', { namespace: 'other', status: {} }),
);

function resolve(
  ref: Partial<SourceRef>,
  noCrossNamespaceRefs = false,
  watchNamespaces: readonly string[] = [],
): Resolved {
  const whole = { kind: 'ExternalArtifact', name: 'app', namespace: 'team', apiVersion: undefined, ...ref };
  return resolveSource(whole, all, { ownNamespace: 'team', noCrossNamespaceRefs, watchNamespaces });
}

const found: readonly (readonly [string, Partial<SourceRef>])[] = [
  ['an ExternalArtifact', {}],
  ['a GitRepository', { kind: 'GitRepository' }],
  ['the one ExternalArtifact of a producer', { kind: 'Snippet', apiVersion: 'jaas.example/v1', name: 'one' }],
  ['a source whose status observes no generation', { name: 'unobserved' }],
  ['a source of another namespace', { namespace: 'other', name: 'far' }],
];
for (const [what, ref] of found) {
  test(`${what} is found`, () => {
    assert.deepEqual(resolve(ref), {
      is: 'found',
      artifact: { url: artifact.url, digest: artifact.digest, revision: artifact.revision, sizeBytes: 3 },
    });
  });
}

const not: readonly (readonly [string, Partial<SourceRef>, Resolved['is'], RegExp])[] = [
  ['one that is not there', { name: 'x' }, 'ArtifactNotFound', /^ExternalArtifact "team\/x" does not exist$/],
  ['one without an artifact', { name: 'empty' }, 'SourceNotReady', /no artifact yet/],
  ['one that is not Ready though it has an artifact', { name: 'failing' }, 'SourceNotReady', /auth failed/],
  ['one whose status is of an older generation', { name: 'behind' }, 'SourceNotReady', /generation 1, its spec of 2/],
  ['one without a Ready condition', { name: 'silent' }, 'SourceNotReady', /no Ready condition/],
  ['a kind whose CRD is missing', { kind: 'Bucket' }, 'ResolveFailed', /Bucket .* is not installed/],
  [
    'a producer that has published nothing',
    { kind: 'Snippet', apiVersion: 'jaas.example/v1', name: 'x' },
    'ArtifactNotFound',
    /Snippet "x"/,
  ],
  [
    'a producer of another group',
    { kind: 'Snippet', apiVersion: 'other.example/v1', name: 'one' },
    'ArtifactNotFound',
    /Snippet/,
  ],
  [
    'a producer that two name',
    { kind: 'Snippet', apiVersion: 'jaas.example/v1', name: 'two' },
    'ResolveFailed',
    /"two-a", "two-b"/,
  ],
];
for (const [what, ref, is, message] of not) {
  test(`${what} is ${is}`, () => {
    const resolved = resolve(ref);
    assert.equal(resolved.is, is);
    assert.match('message' in resolved ? resolved.message : '', message);
  });
}

test('whatever is wrong in another namespace, the answer is the same', () => {
  const answers = [resolve({ namespace: 'other', name: 'far-failing' }), resolve({ namespace: 'other', name: 'gone' })];
  const forbidden = resolve({ namespace: 'other', name: 'far' }, true);
  for (const [i, name] of ['far-failing', 'gone', 'far'].entries()) {
    assert.deepEqual([...answers, forbidden][i], {
      is: 'ResolveFailed',
      cause: 'outside',
      message: `cross-namespace ExternalArtifact "${name}" is not reachable`,
    });
  }
});

test('a namespace that is not watched is named, whatever is there', () => {
  const [far, gone] = ['far', 'gone'].map((name) => resolve({ namespace: 'other', name }, false, ['team']));
  const message =
    'cross-namespace ExternalArtifact "far" is not reachable: this controller does not watch namespace "other" (--watch-namespaces)';
  assert.deepEqual(far, { is: 'ResolveFailed', cause: 'outside', message });
  assert.deepEqual(gone, { is: 'ResolveFailed', cause: 'outside', message: message.replace('"far"', '"gone"') });
  assert.equal(resolve({ namespace: 'other', name: 'far' }, false, ['team', 'other']).is, 'found');
});

test('revisions go by namespace and name, and by kind too where two kinds share them', () => {
  const pin = (kind: string, name: string, revision: string): Pin => ({
    stage: name,
    ref: { kind, name, namespace: 'team', apiVersion: undefined },
    artifact: { url: '', digest: '', revision, sizeBytes: undefined },
  });
  assert.deepEqual(
    revisionsOf([pin('ExternalArtifact', 'a', '1'), pin('GitRepository', 'a', '2'), pin('Bucket', 'b', '3')]),
    { 'ExternalArtifact/team/a': '1', 'GitRepository/team/a': '2', 'team/b': '3' },
  );
});
