// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are Flux's references
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Stage } from '../../src/shared/api/types.ts';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import { configMap, oneStage, type Scene, startScene, succeeded } from '../harness/scene.ts';
import { CANARY } from '../support/canary.ts';

const failed = ({ reason }: { readonly reason: string }) => reason === 'StageFailed';

async function given(scene: Scene, kind: 'ConfigMap' | 'Secret', name: string, values: Record<string, string>) {
  const data = kind === 'Secret' ? { stringData: values } : { data: values };
  await scene.api.apply({ apiVersion: 'v1', kind, metadata: { name, namespace: scene.namespace }, ...data });
}

async function dataOf(scene: Scene, name = 'settings') {
  return (await scene.find<KubeObject & { data: Record<string, string> }>('ConfigMap', name))?.data;
}

test('later sources win, inline values last, defaults fill the rest', async (t) => {
  const scene = await startScene(t);
  await scene.controller();
  await given(scene, 'ConfigMap', 'first', { A: 'first', B: 'first', C: 'first' });
  await given(scene, 'Secret', 'second', { B: 'second', C: 'second' });
  await scene.publish('app', [
    configMap('settings', { a: '${A}', b: '${B}', c: '${C}', d: '${D:=default}', escaped: '$${A}', n: '${N}' }),
    {
      ...configMap('left', { a: '${A}' }),
      metadata: { name: 'left', annotations: { 'kustomize.toolkit.fluxcd.io/substitute': 'disabled' } },
    },
  ]);
  const postBuild: NonNullable<Stage['postBuild']> = {
    substituteFrom: [
      { kind: 'ConfigMap', name: 'first' },
      { kind: 'Secret', name: 'second' },
      { kind: 'ConfigMap', name: 'absent', optional: true },
    ],
    substitute: { C: 'inline', N: '"5"' },
  };
  await scene.roll('app', oneStage('app', { postBuild }));
  await scene.settled('app', succeeded);
  assert.deepEqual(await dataOf(scene), {
    a: 'first',
    b: 'second',
    c: 'inline',
    d: 'default',
    escaped: '${A}',
    n: '5',
  });
  assert.deepEqual(await dataOf(scene, 'left'), { a: '${A}' });
});

test('without a variable nothing is touched', async (t) => {
  const scene = await startScene(t);
  await scene.controller();
  await scene.publish('app', [configMap('settings', { a: '${A}', b: '$${B}' })]);
  await scene.roll('app', oneStage('app', { postBuild: {} }));
  await scene.settled('app', succeeded);
  assert.deepEqual(await dataOf(scene), { a: '${A}', b: '$${B}' });
});

interface Refusal {
  readonly name: string;
  readonly postBuild: NonNullable<Stage['postBuild']>;
  readonly account?: string;
  readonly message: (namespace: string) => string;
}

const refusals: readonly Refusal[] = [
  {
    name: 'an undefined variable',
    postBuild: { substitute: { B: 'b' } },
    message: () => 'build: ConfigMap "settings" in "0000.yaml": variable "A" is not defined and has no default',
  },
  {
    name: 'a source that is missing',
    postBuild: { substituteFrom: [{ kind: 'Secret', name: 'gone' }] },
    message: (namespace) => `build: postBuild.substituteFrom: Secret ${namespace}/gone does not exist`,
  },
  {
    name: 'a key that is no variable',
    postBuild: { substituteFrom: [{ kind: 'ConfigMap', name: 'odd' }] },
    message: () => 'build: postBuild: "a-b" is no variable name: letters, digits and _, and no digit first',
  },
  {
    name: 'a Secret that the account may not read',
    postBuild: { substituteFrom: [{ kind: 'Secret', name: 'theirs' }] },
    account: 'default',
    message: (namespace) =>
      `build: secrets "theirs" is forbidden: User "system:serviceaccount:${namespace}:default" cannot get resource "secrets"`,
  },
];

for (const { name, postBuild, account, message } of refusals) {
  test(`${name} fails the build and is named`, async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await given(scene, 'ConfigMap', 'odd', { 'a-b': CANARY });
    await given(scene, 'Secret', 'theirs', { A: CANARY });
    await scene.publish('app', [configMap('settings', { a: '${A}' })]);
    await scene.roll('app', { ...oneStage('app', { postBuild }), ...(account && { serviceAccountName: account }) });
    const ready = await scene.settled('app', failed);
    assert.ok(ready.message.includes(message(scene.namespace)), ready.message);
    assert.equal(await dataOf(scene), undefined);
  });
}

test('a changed value is rolled out at the next run; what a Secret’s value went into leaves no print', async (t) => {
  const scene = await startScene(t);
  await scene.controller();
  await given(scene, 'Secret', 'vars', { A: `${CANARY}-1` });
  await scene.publish('app', [configMap('settings', { a: '${A}' }), configMap('plain', { b: 'c' })]);
  await scene.roll('app', oneStage('app', { postBuild: { substituteFrom: [{ kind: 'Secret', name: 'vars' }] } }));
  await scene.settled('app', succeeded);
  await given(scene, 'Secret', 'vars', { A: `${CANARY}-2` });
  await scene.annotate('app', { 'reconcile.fluxcd.io/requestedAt': 'now' });
  await scene.settled('app', (ready, set) => succeeded(ready) && set.status?.lastHandledReconcileAt === 'now');
  assert.deepEqual(await dataOf(scene), { a: `${CANARY}-2` });
  const inventories = await scene.api.list<KubeObject & { spec: { entries: readonly { id: string; p?: string }[] } }>(
    'stages.metio.wtf/v1',
    'StageInventory',
    { namespace: scene.namespace },
  );
  const prints = inventories.flatMap(({ spec }) =>
    spec.entries.map(({ id, p }) => [id.split('_')[1], p !== undefined]),
  );
  assert.deepEqual(prints.toSorted(), [
    ['plain', true],
    ['settings', false],
  ]);
});
