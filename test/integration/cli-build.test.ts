import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configMap, oneStage, type Scene, type SpecToRoll, stagesOf, startScene, succeeded } from '../harness/scene.ts';
import { folderWith, stagesetctl } from '../harness/stagesetctl.ts';
import { CANARY } from '../support/canary.ts';
import { newAgeKey, sealedSecret } from '../support/sealed-secret.ts';

const key = await newAgeKey();
const decryption = { provider: 'sops', secretRef: { name: 'keys' } } as const;

function build(scene: Scene, args: readonly string[], cwd?: string) {
  const connection = ['--kubeconfig', scene.plane.kubeconfigPath, '-n', scene.namespace];
  return stagesetctl(['build', ...args, ...connection], cwd === undefined ? {} : { cwd });
}

/** A namespace with the key Secret, and a StageSet of two stages that needs it and a Secret's value. */
async function startShop(t: Parameters<typeof startScene>[0], spec: Partial<SpecToRoll> = {}): Promise<Scene> {
  const scene = await startScene(t);
  const { api, namespace } = scene;
  const secret = (name: string, stringData: Readonly<Record<string, string>>) =>
    api.apply({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, stringData });
  await secret('keys', { 'a.agekey': key.identity });
  await secret('values', { PASSWORD: CANARY });
  await scene.publishAs('db', { files: { 'secret.json': await sealedSecret(key, 'db', { password: CANARY }) } });
  await scene.publish('web', [configMap('web', { url: '$' + '{PASSWORD}' }), configMap('plain')]);
  const [db, web] = stagesOf('db', 'web').stages;
  const postBuild = { substituteFrom: [{ kind: 'Secret' as const, name: 'values' }] };
  await scene.roll('shop', { ...stagesOf('db'), decryption, stages: [db!, { ...web!, postBuild }], ...spec });
  return scene;
}

test('a StageSet is built as the controller builds it: fetched, decrypted, substituted, masked', async (t) => {
  const scene = await startShop(t);
  const { code, stdout, stderr } = await build(scene, ['shop']);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.match(stdout, /^---\napiVersion: v1\nkind: Secret\n/);
  assert.match(stdout, /stringData:\n {2}password: '\*\*\*'\n/);
  assert.match(stdout, /data:\n {2}url: '\*\*\*'\n/);
  assert.match(stdout, /data:\n {2}key: value\n/);
  assert.ok(!stdout.includes(CANARY));
  assert.equal((await build(scene, ['shop', '--show-secrets'])).stdout.split(CANARY).length, 3);
});

test('what is printed is what the controller then applies', async (t) => {
  const scene = await startShop(t);
  const { stdout } = await build(scene, ['shop', '--stage', 'web', '--show-secrets', '-o', 'json']);
  await scene.controller();
  await scene.settled('shop', succeeded);
  for (const line of stdout.trimEnd().split('\n')) {
    const printed = JSON.parse(line);
    const live = await scene.find('ConfigMap', printed.metadata.name);
    assert.deepEqual([live?.data, live?.metadata.labels], [printed.data, printed.metadata.labels]);
  }
  assert.equal(stdout.trimEnd().split('\n').length, 2);
});

test('local files take the place of artifacts, of keys and of values', async (t) => {
  const scene = await startShop(t);
  const cwd = await folderWith({
    'out/local.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: local }\ndata: { url: "$' + '{PASSWORD}" }\n',
    'values.yaml': 'apiVersion: v1\nkind: Secret\nmetadata: { name: values }\nstringData: { PASSWORD: mine }\n',
    'other.txt': (await newAgeKey()).identity,
  });
  const args = ['shop', '--source-dir', 'web=./out', '--substitute-from', 'values.yaml', '--show-secrets'];
  const { stdout } = await build(scene, args, cwd);
  assert.match(stdout, /password: hunter2-canary\n[\s\S]*data:\n {2}url: mine\nkind: ConfigMap\n/);
  const closed = await build(scene, ['shop', '--stage', 'db', '--age-key-file', 'other.txt'], cwd);
  assert.match(closed.stderr, /"secret\.json" cannot be decrypted: .*no configured age identity opens it/);
});

test('as its tenant it may read what that may: the Forbidden names the missing grant', async (t) => {
  const scene = await startShop(t, { serviceAccountName: 'default' });
  assert.equal((await build(scene, ['shop'])).code, 0);
  const refused = await build(scene, ['shop', '--as-tenant']);
  assert.deepEqual([refused.code, refused.stdout], [3, '']);
  const user = `system:serviceaccount:${scene.namespace}:default`;
  const grant = `secrets "keys" is forbidden: User "${user}" cannot get resource "secrets"`;
  assert.ok(refused.stderr.includes(`stage "db" failed: configure decryption: ${grant}`), refused.stderr);
});

test('without an account there is no tenant', async (t) => {
  // Suspended: the controller itself may not read for it.
  const scene = await startShop(t, { serviceAccountName: undefined, suspend: true });
  const { code, stderr } = await build(scene, ['shop', '--as-tenant']);
  assert.equal(code, 3);
  assert.match(stderr, /names no serviceAccountName: leave --as-tenant out/);
});

test('what is missing is named as the controller names it', async (t) => {
  const scene = await startShop(t);
  const { api, namespace } = scene;
  const none = await build(scene, ['none']);
  assert.equal(none.code, 3);
  assert.ok(none.stderr.includes(`StageSet ${namespace}/none does not exist: choose another namespace with -n`));
  await api.delete(scene.ref('Secret', 'keys'));
  const keyless = await build(scene, ['shop']);
  assert.ok(keyless.stderr.includes(`configure decryption: Secret ${namespace}/keys does not exist`), keyless.stderr);
  await scene.roll('lost', oneStage('nowhere'));
  const lost = await build(scene, ['lost']);
  assert.ok(lost.stderr.includes(`stage "app": ExternalArtifact "${namespace}/nowhere" does not exist`), lost.stderr);
});

test('who asks is the one whom the flags name', async (t) => {
  const scene = await startShop(t);
  const { code, stderr } = await build(scene, ['shop', '--as', 'nobody', '--as-group', 'nothing']);
  assert.equal(code, 3);
  assert.match(stderr, /User "nobody" cannot get resource "stagesets"/);
  const asMaster = await build(scene, ['shop', '--as', 'someone', '--as-group', 'system:masters']);
  assert.deepEqual([asMaster.code, asMaster.stderr], [0, '']);
});

test('two stages of what a producer publishes: found by it, built from one revision', async (t) => {
  const scene = await startScene(t);
  const producer = { apiVersion: 'build.example.test/v1', kind: 'Generator', name: 'gen' };
  const map = (name: string) => JSON.stringify({ ...configMap(name) });
  await scene.publishAs('mono', {
    files: { 'one/a.yaml': map('a'), 'two/b.yaml': map('b') },
    spec: { sourceRef: producer },
  });
  const stages = ['one', 'two'].map((name) => ({ name, path: `./${name}`, sourceRef: producer }));
  await scene.roll('shop', { ...oneStage(''), stages });
  const { stdout, stderr } = await build(scene, ['shop', '-o', 'json']);
  assert.equal(stderr, '');
  const names = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).metadata.name);
  assert.deepEqual(names, ['a', 'b']);
});
