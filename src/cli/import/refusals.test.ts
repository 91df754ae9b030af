import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { YamlMap } from '../../shared/yaml/yaml-value.ts';
import { importDocuments } from './documents.ts';
import { describeRefusal, sift } from './refusals.ts';

const wishes = { kind: undefined, namespace: undefined, showSecrets: false, manifestsOf: () => undefined };

function application(name: string, spec: YamlMap = {}, namespace = 'argocd'): YamlMap {
  const source = { repoURL: 'https://example.org/shop.git', path: 'deploy', targetRevision: 'main' };
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace },
    spec: { project: 'default', source, destination: { namespace: 'shop' }, ...spec },
  };
}

function kustomization(name: string, sourceName = 'other'): YamlMap {
  return {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name, namespace: 'shop' },
    spec: { interval: '5m', prune: true, sourceRef: { kind: 'GitRepository', name: sourceName } },
  };
}

const deny = { kind: 'deny', schedule: 'soon', duration: '1h', applications: ['barred'] };
const project = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AppProject',
  metadata: { name: 'default' },
  spec: { syncWindows: [deny] },
};

function sifted(...documents: readonly YamlMap[]) {
  const read = importDocuments(documents, wishes);
  const { imported, refused } = sift(read.imported);
  return {
    names: imported.map(({ from }) => from),
    why: [...read.refused, ...refused].map(describeRefusal),
    fields: imported.flatMap(({ notes }) => notes.map(({ field }) => field)),
  };
}

test('what cannot be imported is refused by itself, and told what to do', () => {
  const { names, why } = sifted(
    project,
    application('empty', { source: null }),
    application('first'),
    application('odd', { destination: 'shop' }),
    application('barred'),
    application('up', { source: { repoURL: 'https://example.org/a', targetRevision: 'main', path: '../deploy' } }),
    application('last'),
  );
  assert.deepEqual(names, ['Application argocd/first', 'Application argocd/last']);
  const wanted = [
    /^Application argocd\/empty is not imported: spec\.source is missing.*; mend that and import it again$/,
    /^Application argocd\/odd is not imported: spec\.destination is not an object.*; mend that and import it again$/,
    /^Application argocd\/barred is not imported: what comes of it is no valid StageSet: spec\.updateWindows\[0\]\.schedule: /,
    /^Application argocd\/up is not imported: what comes of it is no valid StageSet: spec\.stages\[0\]\.path: /,
  ];
  assert.equal(why.length, wanted.length);
  for (const [index, pattern] of wanted.entries()) assert.match(why[index] ?? '', pattern);
});

test('of several that come to one StageSet the first is imported', () => {
  const { names, why } = sifted(kustomization('shop'), application('shop'), application('shop', {}, 'team'));
  assert.deepEqual(names, ['Kustomization shop/shop']);
  const wanted = 'it would overwrite StageSet shop/shop, which comes of Kustomization shop/shop; give it another';
  assert.deepEqual(
    why.map((each) => each.split(' metadata.name')[0]),
    [`Application argocd/shop is not imported: ${wanted}`, `Application team/shop is not imported: ${wanted}`],
  );
});

test('two sources of one name are refused where they differ', () => {
  const named = (path: string, repoURL: string) => ({
    source: null,
    sources: [
      { name: 'base', path, repoURL, targetRevision: 'main' },
      { path: 'b', repoURL: 'https://example.org/b', targetRevision: 'main' },
    ],
  });
  const same = sifted(application('web', named('a', 'https://example.org/shop.git')), application('web-base'));
  assert.deepEqual(same.why, []);
  const other = sifted(application('web', named('a', 'https://example.org/other')), application('web-base'));
  assert.match(
    other.why.join(),
    /^Application argocd\/web-base is .* GitRepository shop\/web-base, which comes of App/,
  );
});

test('what lies beside it or is taken by a Kustomization is not overwritten without a note', () => {
  const beside = (kind: string, name: string) => ({ apiVersion: 'x/v1', kind, metadata: { name, namespace: 'shop' } });
  const noted = (...documents: readonly YamlMap[]) =>
    sifted(...documents).fields.filter((field) => field.includes(' shop/'));
  assert.deepEqual(noted(kustomization('web', 'shop'), application('shop')), ['GitRepository shop/shop']);
  assert.deepEqual(noted(application('shop'), beside('GitRepository', 'shop'), beside('StageSet', 'shop')), [
    'GitRepository shop/shop',
    'StageSet shop/shop',
  ]);
  assert.deepEqual(noted(application('shop'), kustomization('web'), beside('GitRepository', 'web')), []);
});
