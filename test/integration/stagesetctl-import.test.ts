import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';
import type { StageSet } from '../../src/shared/api/types.ts';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { type Scene, startScene, succeeded } from '../harness/scene.ts';
import { folderWith, stagesetctl, stagesetctlAt } from '../harness/stagesetctl.ts';
import { CANARY } from '../support/canary.ts';

const files = {
  'deploy/web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, labels: { app: web } }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: example/web:1 }] }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data: { greeting: hello }
`,
  'deploy/kustomization.yaml': 'resources: [web.yaml]\ncommonLabels: { part-of: shop }\n',
};

const kustomization = (namespace: string) => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: shop, namespace: ${namespace} }
spec:
  interval: 1h
  path: ./deploy
  prune: true
  wait: true
  sourceRef: { kind: GitRepository, name: shop }
  namePrefix: eu-
  images: [{ name: example/web, newTag: "2" }]
  commonMetadata: { labels: { team: a } }
  patches:
    - target: { kind: Deployment, name: web }
      patch: |
        - { op: replace, path: /spec/replicas, value: 3 }
`;

const inWave = (name: string, annotations: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}, annotations: { ${annotations} } }\n---\n`;
const wave = (number: number) => `argocd.argoproj.io/sync-wave: "${number}"`;
const waves = {
  'deploy/kustomization.yaml': 'resources: [all.yaml]\n',
  'deploy/all.yaml': `${inWave('plain', '')}${inWave('late', wave(5))}${inWave('early', wave(-1))}${inWave('first', wave(-2))}
apiVersion: batch/v1
kind: Job
metadata: { name: migrate, annotations: { argocd.argoproj.io/hook: PreSync } }
spec: { template: { spec: { restartPolicy: Never, containers: [{ name: migrate, image: example/migrate:1 }] } } }
`,
};

const application = (namespace: string) => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: shop, namespace: argocd, finalizers: [resources-finalizer.argocd.argoproj.io] }
spec:
  project: default
  source: { repoURL: https://example.org/shop.git, path: deploy, targetRevision: main }
  destination: { namespace: ${namespace}, server: https://kubernetes.default.svc }
  syncPolicy: { automated: { prune: true, selfHeal: true } }
`;

const project = `apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: { name: default }
spec:
  roles: [{ name: ci, jwtTokens: [{ iat: 1, id: ${CANARY} }] }]
  syncWindows: [{ kind: deny, schedule: "0 9 * * *", duration: 8h, applications: ["*"] }]
`;

/** What the comments say is to be added to kustomization.yaml. */
function additionIn(printed: string): Readonly<Record<string, unknown>> {
  const [, block = ''] = /^# To add to the kustomization\.yaml in .*:\n((?:#.*\n)+)/m.exec(printed) ?? [];
  return parse(block.replaceAll(/^# {3}/gm, ''));
}

function objectsIn(printed: string): readonly KubeObject[] {
  return parseAllDocuments(printed).map((document) => document.toJS());
}

async function roll(scene: Scene, printed: string): Promise<void> {
  for (const object of objectsIn(printed)) {
    if (object.kind === 'StageSet') await rollSet(scene, object as unknown as StageSet);
    else await scene.api.apply(object);
  }
}

/** As whom it applies is its user's to say. */
async function rollSet(scene: Scene, { metadata, spec }: StageSet): Promise<void> {
  await scene.roll(metadata.name, spec, metadata.annotations);
}

/** All that is wanted of it is there, whatever the cluster has added. */
async function assertLive({ api, namespace }: Scene, wanted: readonly KubeObject[]): Promise<void> {
  for (const object of wanted) {
    const { apiVersion, kind, metadata } = object;
    const live = await api.get<KubeObject>({ apiVersion, kind, namespace, name: metadata.name });
    assert.partialDeepStrictEqual(live, object);
  }
}

async function built(folder: string): Promise<readonly KubeObject[]> {
  const { code, stdout, stderr } = await stagesetctl(['build', join(folder, 'deploy')]);
  assert.deepEqual([code, stderr], [0, '']);
  return objectsIn(stdout);
}

describe('import', { concurrency: 4 }, () => {
  test('a Kustomization: what comes of it puts up what kustomize builds', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    const { namespace, publisher } = scene;
    const { code, stdout } = await stagesetctl(['import', '-f', '-'], { input: kustomization(namespace) });
    assert.equal(code, 0);

    const asFlux = { ...parse(files['deploy/kustomization.yaml']), ...additionIn(stdout) };
    const committed = { ...files, 'deploy/kustomization.yaml': JSON.stringify(asFlux) };
    await publisher.publish({ kind: 'GitRepository', namespace, name: 'shop', files: committed });
    await roll(scene, stdout);
    await scene.settled('shop', succeeded);

    const wanted = await built(await folderWith(committed));
    assert.deepEqual(
      wanted.map(({ kind, metadata }) => `${kind}/${metadata.name}`),
      ['ConfigMap/eu-settings', 'Deployment/eu-web'],
    );
    const team = { labels: { team: 'a' } };
    await assertLive(scene, [
      ...wanted,
      ...wanted.map((each) => ({ ...each, metadata: { ...each.metadata, ...team } })),
    ]);
    assert.deepEqual(await scene.ownedBy('shop'), ['ConfigMap/eu-settings', 'Deployment/eu-web']);
    const web = await scene.find<{ readonly spec: { readonly replicas: number } } & KubeObject>('Deployment', 'eu-web');
    assert.equal(web?.spec.replicas, 3);
  });

  test('an Application with waves and hooks: stages in order, Jobs as actions, all that the folder holds', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    const { namespace, publisher } = scene;
    const cwd = await folderWith({ ...waves, 'app.yaml': application(namespace) });
    const { code, stdout } = await stagesetctl(['import', '-f', 'app.yaml', '--source-dir', '.', '--write-hooks'], {
      cwd,
    });
    assert.equal(code, 0);
    const [source, set] = objectsIn(stdout) as readonly [KubeObject, StageSet];
    assert.deepEqual(source.spec, { interval: '3m', url: 'https://example.org/shop.git', ref: { branch: 'main' } });

    const moved = await readFile(join(cwd, 'deploy-hooks/presync/job-migrate.yaml'), 'utf8');
    const committed = { ...waves, 'deploy-hooks/presync/job-migrate.yaml': moved };
    await publisher.publish({ kind: 'GitRepository', namespace, name: 'shop', files: committed });
    await rollSet(scene, set);
    await scene.settled('shop', succeeded);

    const { status } = await scene.read('shop');
    assert.deepEqual(
      status?.stages?.map(({ name, entriesCount, executedActions = [] }) => [name, entriesCount, executedActions]),
      [
        ['shop-wave-minus-2', 1, ['presync']],
        ['shop-wave-minus-1', 1, []],
        ['shop-wave-0', 1, []],
        ['shop-wave-5', 1, []],
      ],
    );
    const wanted = (await built(cwd)).filter(({ kind }) => kind !== 'Job');
    await assertLive(scene, wanted);
    assert.deepEqual(
      await scene.ownedBy('shop'),
      wanted.map(({ kind, metadata }) => `${kind}/${metadata.name}`).toSorted(),
    );
  });

  test('a Kustomization on the cluster, as JSON; one that is not there', async (t) => {
    const scene = await startScene(t);
    await serveKind(scene, 'kustomize.toolkit.fluxcd.io', 'v1', 'Kustomization');
    const { api, namespace } = scene;
    await eventually(() => api.apply(parse(kustomization(namespace))));
    const ask = stagesetctlAt(scene);
    const { code, stdout, stderr } = await ask('import', 'kustomization', 'shop', '-o', 'json');
    assert.equal(code, 0);
    assert.match(stderr, /^stagesetctl: note: Kustomization \S+\/shop: spec\.namePrefix: /m);
    const set: StageSet = JSON.parse(stdout);
    assert.deepEqual(set.metadata, { name: 'shop', namespace });
    assert.equal(set.spec.stages[0]?.name, 'shop');
    const missing = await ask('import', 'ks', 'gone');
    assert.deepEqual([missing.code, missing.stdout], [3, '']);
    assert.match(missing.stderr, /Kustomization \S+\/gone does not exist: choose its namespace with -n/);
  });

  test('an Application on the cluster brings the windows of its project, and no secret', async (t) => {
    const scene = await startScene(t);
    const { api, namespace } = scene;
    await serveKind(scene, 'argoproj.io', 'v1alpha1', 'Application');
    await serveKind(scene, 'argoproj.io', 'v1alpha1', 'AppProject');
    const placed = (text: string) => {
      const object = parse(text) as KubeObject;
      return { ...object, metadata: { ...object.metadata, namespace, finalizers: [] } };
    };
    const withSecret = application('shop').replace('https://', `https://robot:${CANARY}@`);
    await eventually(() => api.apply(placed(withSecret)));
    await eventually(() => api.apply(placed(project)));
    const { code, stdout, stderr } = await stagesetctlAt(scene)('import', 'app', 'shop');
    assert.equal(code, 0);
    const [, set] = objectsIn(stdout) as readonly [KubeObject, StageSet];
    assert.deepEqual(set.metadata, { name: 'shop', namespace: 'shop' });
    const { updateWindows } = set.spec;
    assert.deepEqual(updateWindows, [{ type: 'Deny', schedule: '0 9 * * *', duration: '8h' }]);
    assert.ok(!`${stdout}${stderr}`.includes(CANARY));
    assert.match(stderr, /spec\.source\.repoURL: credentials do not come along/);
    assert.match(stderr, /AppProject\.spec\.roles: /);
  });

  test('wrong usage, and files with nothing or only some of it to import', async () => {
    const of = (input: string, ...args: readonly string[]) => stagesetctl(['import', ...args], { input });
    assert.equal((await of('')).code, 2);
    assert.equal((await of('', 'kustomization')).code, 2);
    assert.equal((await of('', 'deployment', 'web')).code, 2);
    assert.equal((await of('', 'ks', 'web', '-f', '-')).code, 2);
    assert.equal((await of('', '-f', '-', '--write-hooks')).code, 2);
    const foreign = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\n';
    const none = await of(foreign, '-f', '-');
    assert.deepEqual([none.code, none.stdout], [3, '']);
    assert.match(none.stderr, /there is no Kustomization or Application in it, but Deployment web/);
    const some = await of(`${foreign}---\n${kustomization('a')}---\n${kustomization('b')}`, '-f', '-');
    assert.equal(some.code, 0);
    assert.match(some.stderr, /warning: Deployment web is not imported/);
    assert.equal(objectsIn(some.stdout).length, 2);
    const cwd = await folderWith({ 'b.yaml': kustomization('b') });
    const files = await stagesetctl(['import', '-f', '-', '-f', 'b.yaml'], { cwd, input: kustomization('a') });
    assert.deepEqual(
      objectsIn(files.stdout).map(({ metadata }) => metadata.namespace),
      ['a', 'b'],
    );
    const invalid = await of(kustomization('a').replace('interval: 1h', 'interval: soon'), '-f', '-');
    assert.deepEqual([invalid.code, invalid.stdout], [3, '']);
    assert.match(invalid.stderr, /Kustomization a\/shop is not imported: .* no valid StageSet: spec\.interval/);
  });

  test('a list of which one is bad and two come to the same: the rest is printed, and that it is not all', async () => {
    const items = ['a', 'b', 'b'].map((namespace) => parse(kustomization(namespace)));
    const bad = { ...items[0], metadata: { name: 'bad', namespace: 'a' }, spec: { sourceRef: 'shop' } };
    const list = { apiVersion: items[0].apiVersion, kind: 'KustomizationList', items: [bad, ...items] };
    const { code, stdout, stderr } = await stagesetctl(['import', '-f', '-'], { input: JSON.stringify(list) });
    assert.equal(code, 3);
    assert.deepEqual(
      objectsIn(stdout).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
      ['a/shop', 'b/shop'],
    );
    assert.match(stderr, /^stagesetctl: Kustomization a\/bad is not imported: spec\.sourceRef is not an object/m);
    assert.match(stderr, /^stagesetctl: Kustomization b\/shop is not imported: it would overwrite StageSet b\/shop,/m);
  });
});

/** A kind as its makers would bring it, but for its schema. */
async function serveKind({ api }: Scene, group: string, version: string, kind: string): Promise<void> {
  const plural = `${kind.toLowerCase()}s`;
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  await api.apply({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, plural },
      versions: [{ name: version, served: true, storage: true, schema }],
    },
  } as KubeObject);
}
