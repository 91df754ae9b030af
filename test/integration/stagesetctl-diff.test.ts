import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configMap, deployment, oneStage, type Scene, stagesOf, startScene, succeeded } from '../harness/scene.ts';
import { type Ended, folderWith, stagesetctl } from '../harness/stagesetctl.ts';
import { CANARY } from '../support/canary.ts';

function diff(scene: Scene, args: readonly string[], cwd?: string): Promise<Ended> {
  const connection = ['--kubeconfig', scene.plane.kubeconfigPath, '-n', scene.namespace];
  return stagesetctl(['diff', ...args, ...connection], cwd === undefined ? {} : { cwd });
}

/** Applied by the real controller. */
async function applied(scene: Scene, spec: Parameters<Scene['roll']>[1]): Promise<void> {
  await scene.controller();
  await scene.roll('shop', spec);
  await scene.settled('shop', succeeded);
}

test('what the controller has just applied shows no difference', async (t) => {
  const scene = await startScene(t);
  await scene.publish('web', [deployment('web'), configMap('settings'), secret('login', { password: 'a' })]);
  await applied(scene, oneStage('web'));
  assert.deepEqual(await diff(scene, ['shop']), { code: 0, stdout: '', stderr: '' });
  const { stdout } = await diff(scene, ['shop', '--show-unchanged']);
  assert.match(stdout, new RegExp(`^@@ Deployment ${scene.namespace}/web \\(unchanged\\) @@$`, 'm'));
  const data = await diff(scene, ['shop', '-o', 'json']);
  assert.deepEqual([data.code, JSON.parse(data.stdout).counts.unchanged], [0, 3]);
  assert.deepEqual(await diff(scene, ['shop', '-o', 'markdown']), { code: 0, stdout: '', stderr: '' });
  assert.deepEqual(await diff(scene, ['shop', '--server-side=false']), { code: 0, stdout: '', stderr: '' });
});

test('a new revision: created, changed and pruned, twice the same, and nothing is written', async (t) => {
  const scene = await startScene(t);
  await scene.publish('web', [deployment('web', { replicas: 1 }), configMap('old'), configMap('same')]);
  await applied(scene, oneStage('web'));
  const before = await scene.find('Deployment', 'web');
  const cwd = await folderWith({
    'out/a.json': JSON.stringify(deployment('web', { replicas: 2, image: 'example/app:2' })),
    'out/b.json': JSON.stringify(configMap('same')),
    'out/c.json': JSON.stringify(configMap('new')),
  });
  const args = ['shop', '--source-dir', 'out'];
  const first = await diff(scene, args, cwd);
  assert.deepEqual([first.code, first.stderr], [1, '']);
  assert.equal(
    first.stdout,
    `--- live
+++ merged
@@ ConfigMap NS/new (created) @@
+apiVersion: v1
+data:
+  key: value
+kind: ConfigMap
+metadata:
+  name: new
+  namespace: NS
@@ Deployment NS/web @@
 spec:
-  replicas: 1
+  replicas: 2
   template:
     spec:
       containers:
       - name: app
-        image: example/app:1
+        image: example/app:2

- ConfigMap NS/old (pruned: fell out of inventory)
`.replaceAll('NS', scene.namespace),
  );
  assert.deepEqual(await diff(scene, args, cwd), first);
  assert.deepEqual(await scene.find('Deployment', 'web'), before);
  assert.ok(
    (await scene.find('ConfigMap', 'new')) === undefined && (await scene.find('ConfigMap', 'old')) !== undefined,
  );

  assert.equal((await diff(scene, [...args, '--exit-code=false'], cwd)).code, 0);
  assert.doesNotMatch((await diff(scene, [...args, '--prune=false'], cwd)).stdout, /pruned/);
  const textual = await diff(scene, [...args, '--server-side=false'], cwd);
  assert.equal(textual.stdout, first.stdout);
  const colored = await diff(scene, [...args, '--color=always'], cwd);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what a terminal is told colours with.
  assert.match(colored.stdout, /\x1b\[31m- {2}replicas: 1\x1b\[0m/);
});

test('drift shows as what a reconcile takes back, also what kubectl edit added', async (t) => {
  const scene = await startScene(t);
  await scene.publish('web', [configMap('settings', { a: '1' })]);
  await applied(scene, oneStage('web'));
  await scene.roll('shop', { ...oneStage('web'), suspend: true });
  const change = { data: { a: '2', added: 'x' } };
  const { api, namespace } = scene;
  await api.patch({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'settings' }, change, {
    fieldManager: 'kubectl-edit',
  });
  const { code, stdout } = await diff(scene, ['shop']);
  assert.equal(code, 1);
  assert.match(stdout, / data:\n- {2}a: "2"\n\+ {2}a: "1"\n- {2}added: x\n/);
});

test('what an earlier owner has set is no refusal where the controller takes it over', async (t) => {
  const scene = await startScene(t);
  const { namespace } = scene;
  const made = deployment('web');
  const rolling = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } };
  const kubectl = {
    ...made,
    metadata: { name: 'web', namespace },
    spec: { ...(made.spec as object), strategy: rolling },
  };
  await scene.api.apply(kubectl as never, { fieldManager: 'kubectl' });
  await scene.publish('web', [{ ...made, spec: { ...(made.spec as object), strategy: { type: 'Recreate' } } }]);
  await scene.roll('shop', { ...oneStage('web'), suspend: true });
  const { code, stdout } = await diff(scene, ['shop']);
  assert.equal(code, 1);
  assert.match(stdout, /@@ Deployment \S+\/web \(the server cannot tell before it is applied\) @@/);
  assert.ok(
    stdout.endsWith(` spec:
   strategy:
     rollingUpdate:
-      maxSurge: 1
-    type: RollingUpdate
+    type: Recreate
`),
    stdout,
  );
});

test('what cannot be changed: refused, replaced or kept, as the conflict policy says', async (t) => {
  const scene = await startScene(t);
  await scene.publish('web', [{ ...configMap('fixed', { a: '1' }), immutable: true }]);
  await applied(scene, oneStage('web'));
  const cwd = await folderWith({
    'out/a.json': JSON.stringify({ ...configMap('fixed', { a: '2' }), immutable: true }),
  });
  const args = ['shop', '--source-dir', 'out'];
  const refused = await diff(scene, args, cwd);
  assert.equal(refused.code, 3);
  assert.match(
    refused.stdout,
    /^! ConfigMap \S+\/fixed \(refused: immutable and changed: data \(conflict policy Fail\)\)$/m,
  );

  await scene.roll('shop', { ...oneStage('web', { force: true }), suspend: true });
  const replaced = await diff(scene, args, cwd);
  assert.equal(replaced.code, 1);
  assert.match(
    replaced.stdout,
    /^@@ ConfigMap \S+\/fixed \(replaced: immutable and changed: data\) @@\n data:\n- {2}a: "1"\n\+ {2}a: "2"\n$/m,
  );
  assert.match(
    (await diff(scene, [...args, '-o', 'markdown'], cwd)).stdout,
    /: 1 replaced\n\n\*\*Replaced: deleted and created anew\*\*\n/,
  );

  await scene.roll('shop', { ...oneStage('web', { conflictPolicy: { default: 'KeepExisting' } }), suspend: true });
  const kept = await diff(scene, [...args, '--show-unchanged'], cwd);
  assert.equal(kept.code, 0);
  assert.match(kept.stdout, /fixed \(left as it is: conflict policy KeepExisting\) @@/);
});

test('a manifest that the server does not take is shown with its reason, beside what it takes', async (t) => {
  const scene = await startScene(t);
  await scene.publish('web', [configMap('fine'), { ...configMap('bad'), data: { key: { no: 'text' } } } as never]);
  await scene.roll('shop', { ...oneStage('web'), suspend: true });
  const { code, stdout } = await diff(scene, ['shop']);
  assert.equal(code, 3);
  assert.match(stdout, /@@ ConfigMap \S+\/fine \(created\) @@/);
  assert.match(stdout, /^! ConfigMap \S+\/bad \(refused: .*data\.key/m);
});

test('objects that need what comes along are created, not refused: a namespace, a kind', async (t) => {
  const scene = await startScene(t);
  const namespace = `${scene.namespace}-new`;
  const group = `${scene.namespace}.example.test`;
  await scene.publish('base', [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, widgets(group)]);
  await scene.publish('web', [
    { ...configMap('there'), metadata: { name: 'there', namespace } },
    { apiVersion: `${group}/v1`, kind: 'Widget', metadata: { name: 'round' } },
  ]);
  await scene.roll('shop', { ...stagesOf('base', 'web'), suspend: true });
  const { code, stdout, stderr } = await diff(scene, ['shop']);
  assert.deepEqual([code, stderr], [1, '']);
  assert.match(stdout, new RegExp(`@@ ConfigMap ${namespace}/there \\(created\\) @@`));
  assert.match(stdout, new RegExp(`@@ Widget ${scene.namespace}/round \\(created\\) @@`));
});

test('an object that moves to another stage is not pruned, and what a removed stage left is', async (t) => {
  const scene = await startScene(t);
  await scene.publish('one', [configMap('a'), configMap('b')]);
  await scene.publish('two', [configMap('c')]);
  await applied(scene, stagesOf('one', 'two'));
  const cwd = await folderWith({
    'one/b.json': JSON.stringify(configMap('b')),
    'two/a.json': JSON.stringify(configMap('a')),
    'two/c.json': JSON.stringify(configMap('c')),
  });
  const args = ['shop', '--source-dir', 'one=one', '--source-dir', 'two=two'];
  const moved = await diff(scene, args, cwd);
  assert.doesNotMatch(moved.stdout, /pruned/);
  assert.match(moved.stdout, /- {4}stages\.metio\.wtf\/stage: one\n\+ {4}stages\.metio\.wtf\/stage: two\n/);
  assert.equal((await diff(scene, [...args, '--stage', 'one'], cwd)).code, 0);

  await scene.roll('shop', { ...stagesOf('one'), suspend: true });
  const left = await diff(scene, ['shop']);
  assert.equal(left.stdout, `- ConfigMap ${scene.namespace}/c (pruned: fell out of inventory)\n`);
});

test('nothing rendered at all would stop the run before it prunes', async (t) => {
  const scene = await startScene(t);
  await scene.publish('web', [configMap('a')]);
  await applied(scene, oneStage('web'));
  const cwd = await folderWith({ 'out/kustomization.yaml': 'resources: []\n' });
  const { code, stdout } = await diff(scene, ['shop', '--source-dir', 'out'], cwd);
  assert.equal(code, 3);
  assert.match(stdout, /^! all stages together render nothing: would prune all 1 objects, unless /);
});

test('as its tenant it may do what that may, and what that may not is refused', async (t) => {
  const scene = await startScene(t);
  await scene.publish('web', [configMap('a')]);
  await scene.roll('shop', { ...oneStage('web'), serviceAccountName: 'default', suspend: true });
  assert.equal((await diff(scene, ['shop'])).code, 1);
  const { code, stderr } = await diff(scene, ['shop', '--as-tenant']);
  assert.equal(code, 3);
  assert.match(stderr, /configmaps "a" is forbidden: User "system:serviceaccount:\S+:default" cannot get resource/);
});

test('actions that have run are told no more, until another revision', async (t) => {
  const scene = await startScene(t);
  const { namespace } = scene;
  await scene.publish('web', [configMap('a')]);
  const target = { apiVersion: 'v1', kind: 'ConfigMap', name: 'a' };
  const actions = {
    pre: [{ name: 'pause', wait: { duration: '0s' } }],
    post: [{ name: 'mark', patch: { target, patch: '{"metadata":{"annotations":{"seen":"yes"}}}' } }],
    onFailure: [{ name: 'clean', delete: { target: { ...target, namespace } } }],
  };
  const told = `Actions to run:
  app:
    pre pause wait 0s
    post mark patch ConfigMap a
    onFailure clean delete ConfigMap ${namespace}/a
`;
  await scene.roll('shop', { ...oneStage('web', { actions }), suspend: true });
  assert.ok((await diff(scene, ['shop'])).stdout.endsWith(`\n\n${told}`));
  await applied(scene, oneStage('web', { actions }));
  assert.deepEqual(await diff(scene, ['shop']), { code: 0, stdout: '', stderr: '' });
  await scene.roll('shop', { ...oneStage('web', { actions }), suspend: true });
  await scene.publishAs('web', { files: { 'a.json': JSON.stringify(configMap('a')), 'README.md': 'new' } });
  assert.deepEqual(await diff(scene, ['shop']), { code: 1, stdout: told, stderr: '' });
});

test('secrets are numbers in every format, whatever they went into', async (t) => {
  const scene = await startScene(t);
  const { api, namespace } = scene;
  const reference = '$' + '{PASSWORD}';
  const put = (value: string) =>
    api.apply({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'values', namespace },
      stringData: { PASSWORD: value },
    });
  await put(`${CANARY}-old`);
  await scene.publish('web', [
    secret('login', { password: `${CANARY}-login`, same: 'same' }),
    configMap('url', { url: `http://u:${reference}@db`, plain: 'x' }),
    configMap('named', { [reference]: 'x' }),
    configMap('former', { url: reference }),
  ]);
  const postBuild = { substituteFrom: [{ kind: 'Secret' as const, name: 'values' }] };
  await applied(scene, oneStage('web', { postBuild }));
  await scene.roll('shop', { ...oneStage('web', { postBuild }), suspend: true });
  await put(`${CANARY}-new`);
  await scene.publish('web', [
    secret('login', { password: `${CANARY}-other`, same: 'same' }),
    configMap('url', { url: `http://u:${reference}@db`, plain: 'y' }),
    configMap('named', { [reference]: 'x' }),
    configMap('former', { plain: 'x' }),
    secret('created', { password: CANARY }),
  ]);
  for (const format of [
    [],
    ['-o', 'markdown'],
    ['-o', 'json'],
    ['-o', 'yaml'],
    ['--server-side=false'],
    ['--show-unchanged'],
  ]) {
    const { code, stdout, stderr } = await diff(scene, ['shop', ...format]);
    assert.deepEqual([code, stderr], [1, '']);
    assert.ok(
      !stdout.includes(CANARY) && !stdout.includes(Buffer.from(CANARY).toString('base64').slice(0, 16)),
      stdout,
    );
  }
  const { stdout } = await diff(scene, ['shop']);
  assert.match(stdout, / data:\n- {2}password: '\*\*\* \(\d+\)'\n\+ {2}password: '\*\*\* \(\d+\)'\n/);
  assert.ok((await diff(scene, ['shop', '--show-secrets'])).stdout.includes(CANARY));
});

test('who asks wrongly is told so, with 2', async (t) => {
  const scene = await startScene(t);
  assert.deepEqual((await diff(scene, [])).code, 2);
  assert.deepEqual((await diff(scene, ['shop', '--from', 'a'])).code, 2);
  assert.deepEqual((await diff(scene, ['shop', '--color', 'maybe'])).code, 2);
  assert.deepEqual((await diff(scene, ['none'])).code, 3);
});

function secret(name: string, stringData: Readonly<Record<string, string>>) {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name }, stringData };
}

function widgets(group: string) {
  const schema = { openAPIV3Schema: { type: 'object' } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind: 'Widget', plural: 'widgets' },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  };
}
