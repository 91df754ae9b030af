import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StageSetSpec } from '../../../shared/api/types.ts';
import { validateStageSet } from '../../../shared/api/validate.ts';
import type { YamlMap } from '../../../shared/yaml/yaml-value.ts';
import { importDocuments } from '../documents.ts';

const source = { repoURL: 'https://example.org/shop.git', targetRevision: 'main', path: 'deploy' };
const finalizers = ['resources-finalizer.argocd.argoproj.io'];
const smallest: YamlMap = {
  project: 'default',
  source,
  destination: { server: 'https://kubernetes.default.svc', namespace: 'shop' },
  syncPolicy: { automated: { prune: true, selfHeal: true } },
};
const project = (spec: YamlMap) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AppProject',
  metadata: { name: 'default' },
  spec,
});

function imported(spec: YamlMap, { ofProject = {} as YamlMap, metadata = { finalizers } as YamlMap } = {}) {
  const document = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'web', namespace: 'argocd', ...metadata },
    spec: { ...smallest, ...spec },
  };
  const wishes = { kind: undefined, namespace: undefined, showSecrets: false, manifestsOf: () => [] };
  const [only, ...others] = importDocuments([project(ofProject), document], wishes).imported;
  assert.ok(only);
  assert.equal(others.length, 0);
  assert.deepEqual(validateStageSet(only.set), []);
  return { ...only, notes: only.notes.filter(({ field }) => field !== 'spec.serviceAccountName') };
}

const fieldsOf = ({ notes }: ReturnType<typeof imported>) => notes.map(({ field }) => field);

test('the smallest one: a source that Flux fetches, in the namespace that is deployed to', () => {
  const { set, sources, notes, additions } = imported({});
  assert.deepEqual(set.metadata, { name: 'web', namespace: 'shop' });
  const stage = { name: 'web', sourceRef: { kind: 'GitRepository', name: 'web' }, path: 'deploy' };
  assert.deepEqual(set.spec, { stages: [stage] });
  assert.deepEqual(sources, [
    {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'GitRepository',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { interval: '3m', url: 'https://example.org/shop.git', ref: { branch: 'main' } },
    },
  ]);
  assert.deepEqual([notes, additions], [[], []]);
});

test('what is hydrated lies in a branch of the dry repository', () => {
  const drySource = { ...source, path: 'chart', helm: { releaseName: 'web' } };
  const { set, sources } = imported({
    sourceHydrator: { drySource, syncSource: { targetBranch: 'env/prod', path: 'web' } },
  });
  assert.deepEqual(set.spec.stages, [{ name: 'web', sourceRef: { kind: 'GitRepository', name: 'web' }, path: 'web' }]);
  assert.deepEqual(
    sources.map(({ spec }) => spec),
    [{ interval: '3m', url: source.repoURL, ref: { branch: 'env/prod' } }],
  );
});

/** What is set; of what comes of it all but the stages, and of each stage all but name, source and path; what is noted. */
const table: readonly (readonly [YamlMap, Partial<StageSetSpec>, YamlMap, readonly string[]])[] = [
  [{ syncPolicy: { automated: { selfHeal: true } } }, {}, { prune: false }, []],
  [
    { destination: { ...(smallest.destination as YamlMap), name: '' }, source: { ...source, chart: '', ref: '' } },
    {},
    {},
    [],
  ],
  [{ syncPolicy: { automated: { prune: true } } }, {}, {}, ['spec.syncPolicy.automated.selfHeal']],
  [
    { syncPolicy: {} },
    { suspend: true },
    { prune: false },
    ['spec.syncPolicy.automated', 'spec.syncPolicy.automated.selfHeal'],
  ],
  [
    {
      syncPolicy: { ...(smallest.syncPolicy as YamlMap), retry: { limit: 3, backoff: { duration: '5', factor: 2 } } },
    },
    { retryInterval: '5s' },
    {},
    ['spec.syncPolicy.retry.limit', 'spec.syncPolicy.retry.backoff.factor'],
  ],
  [
    {
      syncPolicy: {
        ...(smallest.syncPolicy as YamlMap),
        syncOptions: ['ServerSideApply=true', 'Force=true', 'CreateNamespace=true', 'Prune=false', 'New=true'],
      },
    },
    {},
    { prune: false, force: true },
    ['spec.syncPolicy.syncOptions[2]', 'spec.syncPolicy.syncOptions[4]'],
  ],
  [
    { destination: { name: 'eu', namespace: 'shop' } },
    { kubeConfig: { secretRef: { name: 'web-kubeconfig' } } },
    {},
    ['spec.destination.name'],
  ],
  [{ ignoreDifferences: [{ kind: '*', jsonPointers: ['/spec/x'] }] }, {}, {}, ['spec.ignoreDifferences[0]']],
  [
    {
      ignoreDifferences: [
        {
          group: 'apps',
          kind: 'Deployment',
          name: 'web.eu',
          jsonPointers: ['/spec/replicas', '/spec/template/spec/containers/0/image'],
          jqPathExpressions: ['.metadata.annotations["a/b"]', '.spec.x[] | select(.y)'],
        },
      ],
    },
    {},
    {
      patches: [
        {
          patch:
            'apiVersion: v1\nkind: Any\nmetadata:\n  annotations:\n    a/b: null\n  name: any\nspec:\n  replicas: null\n',
          target: { group: 'apps', kind: 'Deployment', name: 'web\\.eu' },
        },
      ],
    },
    [
      'spec.ignoreDifferences[0].jsonPointers[1]',
      'spec.ignoreDifferences[0].jqPathExpressions[1]',
      'spec.ignoreDifferences[0]',
    ],
  ],
];

for (const [set, spec, stage, noted] of table) {
  test(JSON.stringify(set), () => {
    const found = imported(set);
    const { stages, ...rest } = found.set.spec;
    assert.deepEqual(rest, spec);
    const [{ name: _, sourceRef: __, path: ___, ...only }] = stages as readonly [(typeof stages)[number]];
    assert.deepEqual(only, stage);
    assert.deepEqual(fieldsOf(found), noted);
  });
}

const urls: readonly (readonly [url: string, revision: string | undefined, kind: string, spec: YamlMap])[] = [
  [
    'https://u:hunter2@example.org/a.git',
    'v1.2.3',
    'GitRepository',
    { url: 'https://example.org/a.git', ref: { tag: 'v1.2.3' } },
  ],
  ['git@example.org:a/b.git', '1.*', 'GitRepository', { url: 'ssh://git@example.org/a/b.git', ref: { semver: '1.*' } }],
  [
    'ssh://git@example.org:22/a',
    'refs/pull/1/head',
    'GitRepository',
    { url: 'ssh://git@example.org:22/a', ref: { name: 'refs/pull/1/head' } },
  ],
  ['https://example.org/a', undefined, 'GitRepository', { url: 'https://example.org/a' }],
  [
    'https://example.org/a',
    'a'.repeat(40),
    'GitRepository',
    { url: 'https://example.org/a', ref: { commit: 'a'.repeat(40) } },
  ],
  ['oci://example.org/a', '1.0', 'OCIRepository', { url: 'oci://example.org/a', ref: { tag: '1.0' } }],
  [
    'ssh://git:hunter2@example.org/a',
    'main',
    'GitRepository',
    { url: 'ssh://git@example.org/a', ref: { branch: 'main' } },
  ],
  [
    'https://u:hunter2@x@example.org/a',
    'main',
    'GitRepository',
    { url: 'https://example.org/a', ref: { branch: 'main' } },
  ],
];

for (const [repoURL, targetRevision, kind, spec] of urls) {
  test(`${repoURL} at ${targetRevision}`, () => {
    const given = { path: 'x', repoURL, ...(targetRevision !== undefined && { targetRevision }) };
    const found = imported({ source: given });
    const [{ kind: foundKind, spec: foundSpec }] = found.sources as readonly [YamlMap];
    assert.deepEqual([foundKind, foundSpec], [kind, { interval: '3m', ...spec }]);
    assert.equal(found.set.spec.stages[0]?.sourceRef.kind, kind);
    assert.doesNotMatch(JSON.stringify(found), /hunter2/);
  });
}

const revisions: readonly (readonly [revision: string, ref: YamlMap, wanted: RegExp | undefined])[] = [
  ['main', { branch: 'main' }, undefined],
  ['refs/tags/release-5', { name: 'refs/tags/release-5' }, undefined],
  ['release-5', { branch: 'release-5' }, /if it is a tag, set spec\.ref\.tag of the GitRepository "web"/],
  ['v1.2', { branch: 'v1.2' }, /if it is a tag/],
  ['1f0c9ab', { branch: '1f0c9ab' }, /set spec\.ref\.commit of the GitRepository "web" to the whole/],
  ['A'.repeat(40), { commit: 'a'.repeat(40) }, undefined],
];

for (const [targetRevision, ref, wanted] of revisions) {
  test(`${targetRevision} is ${JSON.stringify(ref)}, ${wanted ? 'which is noted' : 'for sure'}`, () => {
    const { sources, notes } = imported({ source: { ...source, targetRevision } });
    const [{ spec }] = sources as readonly [{ readonly spec: YamlMap }];
    assert.deepEqual(spec.ref, ref);
    assert.deepEqual(
      notes.map(({ field }) => field),
      wanted === undefined ? [] : ['spec.source.targetRevision'],
    );
    assert.match(notes.map(({ instead }) => instead).join(), wanted ?? /^$/);
  });
}

test('without a namespace of the destination it stays where the Application is, which is noted', () => {
  const found = imported({ destination: { server: 'https://kubernetes.default.svc' } });
  assert.equal(found.set.metadata.namespace, 'argocd');
  assert.deepEqual(fieldsOf(found), ['spec.destination.namespace']);
});

test('several sources: a stage each, values of a chart stay with whoever renders it', () => {
  const chart = {
    repoURL: 'https://charts.example.org',
    chart: 'db',
    targetRevision: '1.0.0',
    helm: { values: 'hunter2' },
  };
  const found = imported({
    sources: [{ ...source, name: 'base' }, { repoURL: 'https://x.example.org/v', ref: 'values' }, chart],
  });
  assert.deepEqual(
    found.set.spec.stages.map(({ name, sourceRef }) => [name, sourceRef]),
    [
      ['base', { kind: 'GitRepository', name: 'web-base' }],
      ['web-3', { name: 'web-3-rendered' }],
    ],
  );
  assert.equal(found.sources.length, 1);
  assert.deepEqual(fieldsOf(found), [
    'spec.source',
    'spec.sources[1].ref',
    'spec.sources[2].chart',
    'spec.sources[2].helm',
    'spec.sources[2].repoURL',
  ]);
  assert.doesNotMatch(JSON.stringify(found), /hunter2/);
});

test('differences are ignored in objects that leave their namespace to the destination, too', () => {
  const ignored = (namespace: string) => ({ kind: 'Deployment', namespace, jsonPointers: ['/spec/replicas'] });
  const { set } = imported({ ignoreDifferences: [ignored('shop'), ignored('sh*'), ignored('other')] });
  assert.deepEqual(
    set.spec.stages[0]?.patches?.map(({ target }) => target?.namespace),
    ['shop|default', 'sh.*|default', 'other'],
  );
});

test('what Argo CD adds to the kustomization.yaml is to be committed there', () => {
  const kustomize = {
    namePrefix: 'eu-',
    replicas: [{ name: 'web', count: '3' }],
    images: ['example/web=other/web:2', 'example/db@sha256:abc', 'localhost:5000/x'],
    commonLabels: { team: 'a' },
    labelWithoutSelector: true,
    labelIncludeTemplates: true,
    patches: [{ patch: 'kind: Secret\nstringData: {a: hunter2}' }, { path: 'p.yaml' }],
  };
  const { additions, notes } = imported({ source: { ...source, kustomize } });
  assert.deepEqual(additions, [
    {
      path: 'deploy',
      fields: {
        namePrefix: 'eu-',
        replicas: [{ name: 'web', count: 3 }],
        labels: [{ pairs: { team: 'a' }, includeSelectors: false, includeTemplates: true }],
        images: [
          { name: 'example/web', newName: 'other/web', newTag: '2' },
          { name: 'example/db', digest: 'sha256:abc' },
          { name: 'localhost:5000/x' },
        ],
        patches: [{ path: 'p.yaml' }],
      },
    },
  ]);
  assert.ok(notes.some(({ field }) => field === 'spec.source.kustomize.patches[0]'));
  assert.ok(notes.some(({ field }) => field === 'the kustomization.yaml in deploy'));
});

test('annotations for Argo CD are noted, its finalizer decides what a deletion means', () => {
  const annotations = { 'argocd.argoproj.io/refresh': 'hard', 'notifications.argoproj.io/subscribe': 'x', owner: 'a' };
  const found = imported({}, { metadata: { annotations } });
  assert.deepEqual(found.set.metadata.annotations, { owner: 'a' });
  assert.deepEqual(fieldsOf(found), [
    'metadata.annotations[notifications.argoproj.io/subscribe]',
    'metadata.finalizers',
  ]);
});

test('an Application that may be empty', () => {
  const { set } = imported({ syncPolicy: { automated: { prune: true, selfHeal: true, allowEmpty: true } } });
  assert.deepEqual(set.metadata.annotations, { 'stages.metio.wtf/allow-empty': 'true' });
});

test('the project is noted where it is not at hand', () => {
  assert.deepEqual(fieldsOf(imported({ project: 'payments' })), ['spec.project']);
});

test('waves and hooks that nobody has looked for are noted', () => {
  const wishes = { kind: undefined, namespace: undefined, showSecrets: false, manifestsOf: () => undefined };
  const document = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'web' },
    spec: smallest,
  };
  const [only] = importDocuments([document], wishes).imported;
  assert.ok(only?.notes.some(({ field }) => field === 'the manifests of stage web'));
});
