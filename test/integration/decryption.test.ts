import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StageSetSpec } from '../../src/shared/api/types.ts';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import { oneStage, type Scene, startScene, succeeded } from '../harness/scene.ts';
import { CANARY } from '../support/canary.ts';
import { newAgeKey, sealedSecret } from '../support/sealed-secret.ts';

const key = await newAgeKey();
const decryption = { provider: 'sops', secretRef: { name: 'keys' } } as const;
const failed = ({ reason }: { readonly reason: string }) => reason === 'StageFailed';

async function sealedApp(scene: Scene, name = 'app') {
  return await scene.publishAs(name, {
    files: { 'secret.json': await sealedSecret(key, 'database', { password: CANARY }) },
  });
}

async function keySecret(scene: Scene, stringData: Readonly<Record<string, string>>): Promise<void> {
  const metadata = { name: 'keys', namespace: scene.namespace };
  await scene.api.apply({ apiVersion: 'v1', kind: 'Secret', metadata, stringData });
}

async function passwordIn(scene: Scene): Promise<string | undefined> {
  const secret = await scene.find<KubeObject & { data: Record<string, string> }>('Secret', 'database');
  return secret && Buffer.from(secret.data.password!, 'base64').toString();
}

/** Whatever a reader of the cluster or of the log could see, but the Secret itself. */
async function assertNoLeak(scene: Scene): Promise<void> {
  const { log, metrics } = await scene.controller();
  const inventories = await scene.api.list('stages.metio.wtf/v1', 'StageInventory', { namespace: scene.namespace });
  const seen = JSON.stringify([await scene.read('app'), await scene.events('app'), inventories, log, await metrics()]);
  assert.ok(!seen.includes(CANARY) && !seen.includes(key.identity));
}

test('an encrypted Secret is applied in clear, and its value shows nowhere else', async (t) => {
  const scene = await startScene(t);
  await scene.controller();
  await keySecret(scene, { 'a.agekey': `# made for a test\n${key.identity}\n`, README: 'nothing' });
  await sealedApp(scene);
  await scene.roll('app', { ...oneStage('app'), decryption });
  await scene.settled('app', succeeded);
  assert.equal(await passwordIn(scene), CANARY);
  await assertNoLeak(scene);
});

interface Refusal {
  readonly name: string;
  readonly entries?: Readonly<Record<string, string>>;
  readonly spec?: { readonly [F in keyof StageSetSpec]?: StageSetSpec[F] | undefined };
  readonly message: (scene: Scene) => RegExp;
}

const refusals: readonly Refusal[] = [
  {
    name: 'a key Secret that is missing',
    message: ({ namespace }) =>
      new RegExp(`^stage "app" failed: configure decryption: Secret ${namespace}/keys does not exist$`),
  },
  {
    name: 'one without a key',
    entries: { other: 'x' },
    message: ({ namespace }) =>
      new RegExp(`configure decryption: Secret ${namespace}/keys holds no key: its entries must end in \\.agekey or`),
  },
  {
    name: 'one with a malformed key',
    entries: { 'a.agekey': 'AGE-SECRET-KEY-1NOPE' },
    message: () => /configure decryption: entry "a\.agekey": its age identity 1 is not valid/,
  },
  {
    name: 'a key that opens nothing',
    entries: { 'a.agekey': (await newAgeKey()).identity },
    message: () =>
      /^stage "app" failed: build: "secret\.json" cannot be decrypted: .*no configured age identity opens it/,
  },
  {
    name: 'an encrypted file without decryption',
    spec: { decryption: undefined },
    message: () =>
      /^stage "app" failed: build: "secret\.json" is encrypted with SOPS, and the stage has no decryption$/,
  },
  {
    name: 'a tenant that may not read the key',
    entries: { 'a.agekey': key.identity },
    spec: { serviceAccountName: 'default' },
    message: ({ namespace }) =>
      new RegExp(
        `configure decryption: secrets "keys" is forbidden: User "system:serviceaccount:${namespace}:default" cannot get resource "secrets"`,
      ),
  },
];

for (const { name, entries, spec, message } of refusals) {
  test(`${name} fails the stage, by name`, async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    if (entries !== undefined) await keySecret(scene, entries);
    await sealedApp(scene);
    await scene.roll('app', { ...oneStage('app'), decryption, ...spec } as StageSetSpec);
    const ready = await scene.settled('app', failed);
    assert.match(ready.message, message(scene));
    assert.equal(await passwordIn(scene), undefined);
    await assertNoLeak(scene);
  });
}

test('a tenant that may read the key decrypts with it; when the right is withdrawn, it does no more', async (t) => {
  const scene = await startScene(t);
  await scene.controller();
  const { namespace, api } = scene;
  const rbac = 'rbac.authorization.k8s.io/v1';
  const rules = (verbs: readonly string[]) => [{ apiGroups: [''], resources: ['secrets'], verbs }];
  const role = (verbs: readonly string[]) =>
    api.apply({ apiVersion: rbac, kind: 'Role', metadata: { name: 'keys', namespace }, rules: rules(verbs) });
  await role(['*']);
  await api.create({
    apiVersion: rbac,
    kind: 'RoleBinding',
    metadata: { name: 'keys', namespace },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'keys' },
    subjects: [{ kind: 'ServiceAccount', name: 'default', namespace }],
  });
  await keySecret(scene, { 'a.agekey': key.identity });
  await sealedApp(scene);
  await scene.roll('app', { ...oneStage('app'), decryption, serviceAccountName: 'default' });
  await scene.settled('app', succeeded);
  assert.equal(await passwordIn(scene), CANARY);
  await role(['list']);
  await scene.annotate('app', { 'reconcile.fluxcd.io/requestedAt': 'now' });
  // The build is known; a hit still checks that the key may be read.
  const ready = await scene.settled('app', failed);
  assert.match(ready.message, /configure decryption: secrets "keys" is forbidden/);
});
