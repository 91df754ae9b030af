import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StageSetSpec } from '../../../shared/api/types.ts';
import { validateStageSet } from '../../../shared/api/validate.ts';
import type { YamlMap } from '../../../shared/yaml/yaml-value.ts';
import { importDocuments } from '../documents.ts';

const smallest: YamlMap = {
  interval: '5m',
  path: './deploy',
  prune: true,
  wait: true,
  sourceRef: { kind: 'GitRepository', name: 'web' },
};
const sourceRef = { kind: 'GitRepository', name: 'web' };

function imported(spec: YamlMap, { showSecrets = false, metadata = {} as YamlMap, objects = [] as YamlMap[] } = {}) {
  const document = {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name: 'web', namespace: 'apps', ...metadata },
    spec: { ...smallest, ...spec },
  };
  const [only] = importDocuments([document], {
    kind: undefined,
    namespace: undefined,
    showSecrets,
    manifestsOf: () => objects,
  }).imported;
  assert.ok(only);
  assert.deepEqual(validateStageSet(only.set), []);
  return {
    ...only,
    notes: only.notes.filter(({ field }) => field !== 'spec.serviceAccountName'),
    allNotes: only.notes,
  };
}

test('the smallest one', () => {
  const { set, notes, additions } = imported({});
  assert.deepEqual(set.metadata, { name: 'web', namespace: 'apps' });
  assert.deepEqual(set.spec, { interval: '5m', stages: [{ name: 'web', sourceRef, path: './deploy' }] });
  assert.deepEqual([notes, additions], [[], []]);
});

const check = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace: 'web' };
const expr = { apiVersion: 'example.org/v1', kind: 'Widget', current: 'status.ok' };
const target = { kind: 'Deployment', labelSelector: 'app=web' };

test('who is to apply is asked where neither an account nor another cluster is named', () => {
  const asked = (spec: YamlMap) => imported(spec).allNotes.some(({ field }) => field === 'spec.serviceAccountName');
  const kubeConfig = { secretRef: { name: 'cluster' } };
  assert.deepEqual([{}, { serviceAccountName: 'deployer' }, { kubeConfig }].map(asked), [true, false, false]);
});

/** What is set, what becomes of the spec, of its stage, and which fields are noted. */
const table: readonly (readonly [YamlMap, Partial<StageSetSpec>, YamlMap, readonly string[]])[] = [
  [{ retryInterval: '1m', timeout: '2m' }, { retryInterval: '1m', timeout: '2m' }, {}, []],
  [{ suspend: true, serviceAccountName: 'sa' }, { suspend: true, serviceAccountName: 'sa' }, {}, []],
  [{ serviceAccountName: '', targetNamespace: '', namePrefix: '', retryInterval: '' }, {}, {}, []],
  [{ force: true, prune: false }, {}, { force: true, prune: false }, []],
  [{ wait: false }, {}, { readyChecks: { disableWait: true } }, []],
  [{ wait: false, healthChecks: [check] }, {}, { readyChecks: { checks: [check] } }, []],
  [{ healthChecks: [check] }, {}, {}, ['spec.healthChecks']],
  [
    { wait: false, healthChecks: [{ kind: 'Deployment', name: 'web' }, check] },
    {},
    { readyChecks: { checks: [check] } },
    ['spec.healthChecks[0].apiVersion'],
  ],
  [{ healthCheckExprs: [expr] }, {}, { readyChecks: { exprs: [expr] } }, []],
  [
    { dependsOn: [{ name: 'infra', namespace: 'base' }] },
    { dependsOn: [{ name: 'infra', namespace: 'base' }] },
    {},
    ['spec.dependsOn[infra]'],
  ],
  [
    { dependsOn: [{ name: 'infra', readyExpr: 'dep.ok' }] },
    { dependsOn: [{ name: 'infra' }] },
    {},
    ['spec.dependsOn[0].readyExpr', 'spec.dependsOn[infra]'],
  ],
  [
    { kubeConfig: { secretRef: { name: 'cluster', key: 'config' } } },
    { kubeConfig: { secretRef: { name: 'cluster', key: 'config' } } },
    {},
    [],
  ],
  [
    { kubeConfig: { configMapRef: { name: 'cluster' } } },
    { kubeConfig: { secretRef: { name: 'cluster' } } },
    {},
    ['spec.kubeConfig.configMapRef'],
  ],
  [
    { decryption: { provider: 'sops', secretRef: { name: 'age' }, serviceAccountName: 'kms' } },
    { decryption: { provider: 'sops', secretRef: { name: 'age' } } },
    {},
    ['spec.decryption.serviceAccountName'],
  ],
  [{ patches: [{ patch: '[]', target }] }, {}, { patches: [{ patch: '[]', target }] }, []],
  [
    {
      patchesJson6902: [{ patch: [{ op: 'remove', path: '/spec/x' }], target }],
      patchesStrategicMerge: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } }],
    },
    {},
    {
      patches: [
        { patch: '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"}}' },
        { patch: '[{"op":"remove","path":"/spec/x"}]', target },
      ],
    },
    [],
  ],
  [
    { postBuild: { substitute: { A: '1' }, substituteFrom: [{ kind: 'ConfigMap', name: 'x', optional: true }] } },
    {},
    { postBuild: { substitute: { A: '1' }, substituteFrom: [{ kind: 'ConfigMap', name: 'x', optional: true }] } },
    ['spec.postBuild'],
  ],
  [
    { commonMetadata: { labels: { team: 'a' }, annotations: { note: 'b' } } },
    {},
    {
      patches: [
        {
          patch:
            'apiVersion: v1\nkind: Any\nmetadata:\n  annotations:\n    note: b\n  labels:\n    team: a\n  name: any\n',
          target: { kind: '.*' },
        },
      ],
    },
    [],
  ],
  [{ deletionPolicy: 'WaitForTermination' }, {}, {}, []],
  [{ deletionPolicy: 'Orphan' }, {}, {}, ['spec.deletionPolicy']],
  [{ deletionPolicy: 'Delete', prune: false }, {}, { prune: false }, ['spec.deletionPolicy']],
  [{ ignore: [{ paths: ['/spec/replicas'] }] }, {}, {}, ['spec.ignore']],
];

for (const [set, spec, stage, noted] of table) {
  test(`${JSON.stringify(set)}`, () => {
    const { set: found, notes } = imported(set);
    const { stages, ...rest } = found.spec;
    assert.deepEqual(rest, { interval: '5m', ...spec });
    assert.deepEqual(stages, [{ name: 'web', sourceRef, path: './deploy', ...stage }]);
    assert.deepEqual(
      notes.map(({ field }) => field),
      noted,
    );
  });
}

test('what Flux writes into the kustomization.yaml is to be committed there, and patches with it', () => {
  const images = [{ name: 'web', newTag: '2' }];
  const patches = [{ patch: '[]', target }];
  const { set, notes, additions } = imported({ targetNamespace: 'web', images, components: ['../tls'], patches });
  assert.deepEqual(additions, [
    { path: './deploy', fields: { namespace: 'web', images, components: ['../tls'], patches } },
  ]);
  assert.equal(set.spec.stages[0]?.patches, undefined);
  assert.deepEqual(
    notes.map(({ field }) => field),
    ['spec.targetNamespace', 'spec.images', 'spec.components', 'the kustomization.yaml in ./deploy'],
  );
});

test("a Secret's values are left out unless asked for", () => {
  const secret = { patch: 'apiVersion: v1\nkind: Secret\nmetadata: {name: x}\nstringData: {password: hunter2}\n' };
  const anyKind = { patch: '- {op: add, path: /data/password, value: aHVudGVyMg==}', target: { name: 'x' } };
  const merges = [{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x' }, stringData: { password: 'hunter2' } }];
  const spec = { patches: [secret, anyKind], patchesStrategicMerge: merges };
  const left = imported(spec);
  assert.doesNotMatch(JSON.stringify(left), /hunter2|aHVudGVyMg/);
  assert.deepEqual(
    left.notes.map(({ field }) => field),
    ['spec.patchesStrategicMerge[0]', 'spec.patches[0]', 'spec.patches[1]'],
  );
  assert.equal(imported(spec, { showSecrets: true }).set.spec.stages[0]?.patches?.length, 3);
});

test('labels and annotations come along, and what machines wrote into them does not', () => {
  const { set } = imported(
    {},
    {
      metadata: {
        name: 'web.eu',
        uid: 'x',
        labels: { team: 'a', 'kustomize.toolkit.fluxcd.io/name': 'flux-system' },
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}', owner: 'b' },
      },
    },
  );
  assert.deepEqual(set.metadata, {
    name: 'web.eu',
    namespace: 'apps',
    labels: { team: 'a' },
    annotations: { owner: 'b' },
  });
  assert.equal(set.spec.stages[0]?.name, 'web-eu');
});

test('what objects ask Flux for is asked for here', () => {
  const object = (kind: string, key: string, value: string) => ({
    apiVersion: 'v1',
    kind,
    metadata: { name: 'x', annotations: { [`kustomize.toolkit.fluxcd.io/${key}`]: value } },
  });
  const objects = [
    object('Secret', 'prune', 'disabled'),
    object('Service', 'force', 'Enabled'),
    object('Pod', 'reconcile', 'disabled'),
    object('PersistentVolume', 'force', 'enabled'),
  ];
  const { set, notes } = imported({}, { objects });
  const [stage] = set.spec.stages;
  assert.deepEqual(
    stage?.patches?.map(({ target: found }) => found),
    [{ kind: 'Secret', name: 'x' }],
  );
  assert.deepEqual(stage?.conflictPolicy?.rules, [
    { target: { apiVersion: 'v1', kind: 'Service', name: 'x' }, action: 'Recreate' },
  ]);
  assert.deepEqual(
    notes.map(({ field }) => field),
    ['Pod x: kustomize.toolkit.fluxcd.io/reconcile', 'PersistentVolume x: kustomize.toolkit.fluxcd.io/force'],
  );
});

test('a dependency that is imported with it is there', () => {
  const kustomization = (name: string, spec: YamlMap) => ({
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name, namespace: 'apps' },
    spec: { ...smallest, ...spec },
  });
  const account = { serviceAccountName: 'deployer' };
  const documents = [
    kustomization('infra', account),
    kustomization('web', { ...account, dependsOn: [{ name: 'infra' }] }),
  ];
  const wishes = { kind: undefined, namespace: undefined, showSecrets: false, manifestsOf: () => undefined };
  assert.deepEqual(
    importDocuments(documents, wishes).imported.flatMap(({ notes }) => notes),
    [],
  );
});
