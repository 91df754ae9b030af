import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { keys } from '../../src/shared/labels.ts';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { runKubectl } from '../harness/kubectl.ts';
import {
  configMap,
  deployment,
  type Manifest,
  oneStage,
  type Scene,
  startScene,
  succeeded,
  succeededWith,
} from '../harness/scene.ts';

interface ConfigMap extends KubeObject {
  readonly data: Readonly<Record<string, string>>;
}

const read = (scene: Scene, name = 'a') => scene.api.get<ConfigMap>(scene.ref('ConfigMap', name));

function managersOf({ metadata }: KubeObject): readonly string[] {
  return (metadata.managedFields ?? []).map(({ manager = '', operation }) => `${manager} ${operation}`).toSorted();
}

function kubectl({ plane, namespace }: Scene, args: readonly string[], input = ''): Promise<string> {
  const where = [`--kubeconfig=${plane.kubeconfigPath}`, `--cache-dir=${plane.dir}/kubectl`, `-n=${namespace}`];
  return runKubectl(plane.toolset.binary('kubectl'), [...where, ...args], input);
}

async function rollOut(scene: Scene, manifests: readonly Manifest[]): Promise<void> {
  await scene.controller();
  await scene.publish('app', manifests);
  // Until discovery tells of a kind that was just installed.
  await scene.roll('app', { ...oneStage('app'), retryInterval: '1s' });
  await scene.settled('app', succeeded);
}

function annotated(name: string, ssa: string, data?: Readonly<Record<string, string>>): Manifest {
  return { ...configMap(name, data), metadata: { name, annotations: { [keys.fluxSsa]: ssa } } };
}

describe('take-over', { concurrency: 4 }, () => {
  const before = { shared: 'before', onlyBefore: 'x' };
  const now = { shared: 'now', onlyNow: 'y' };

  const earlier: Readonly<Record<string, (scene: Scene, object: KubeObject) => Promise<unknown>>> = {
    'kubectl apply': (scene, object) => kubectl(scene, ['apply', '-f', '-'], JSON.stringify(object)),
    'kubectl apply --server-side': (scene, object) =>
      kubectl(scene, ['apply', '--server-side', '-f', '-'], JSON.stringify(object)),
    'kubectl create': (scene, object) => kubectl(scene, ['create', '-f', '-'], JSON.stringify(object)),
    kustomize: ({ api }, object) => api.apply(object, { fieldManager: 'kustomize-controller' }),
    helm: ({ api }, object) => api.apply(object, { fieldManager: 'helm' }),
    'Argo CD': ({ api }, object) => api.apply(object, { fieldManager: 'argocd-controller' }),
  };
  for (const [tool, create] of Object.entries(earlier)) {
    test(`from ${tool}: no field is lost, none is left behind`, async (t) => {
      const scene = await startScene(t);
      const metadata = { name: 'a', namespace: scene.namespace };
      await create(scene, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: before });
      await rollOut(scene, [configMap('a', now)]);
      const taken = await read(scene);
      assert.deepEqual(taken.data, now);
      assert.deepEqual(managersOf(taken), ['stageset-controller Apply']);
      assert.equal(taken.metadata.annotations, undefined);
    });
  }

  test('what an earlier tool has set does not make ours invalid', async (t) => {
    const scene = await startScene(t);
    const ours = deployment('web') as { readonly metadata: object; readonly spec: object };
    const spec = (strategy: object) => ({ ...ours.spec, strategy });
    const metadata = { name: 'web', namespace: scene.namespace };
    const rolling = spec({ type: 'RollingUpdate', rollingUpdate: { maxSurge: 2, maxUnavailable: 1 } });
    await scene.api.apply(
      { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: rolling },
      { fieldManager: 'helm' },
    );
    await rollOut(scene, [{ ...ours, spec: spec({ type: 'Recreate' }) }]);
    const web = await scene.api.get<KubeObject & { spec: { strategy: object } }>(scene.ref('Deployment', 'web'));
    assert.deepEqual(web.spec.strategy, { type: 'Recreate' });
    assert.ok(!managersOf(web).includes('helm Apply'));
  });

  test('what a stranger has set on our object stays', async (t) => {
    const scene = await startScene(t);
    const metadata = { name: 'a', namespace: scene.namespace };
    const theirs = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: before };
    await scene.api.apply(theirs, { fieldManager: 'somebody' });
    await rollOut(scene, [configMap('a', now)]);
    const taken = await read(scene);
    assert.deepEqual(taken.data, { ...before, ...now });
    assert.deepEqual(managersOf(taken), ['somebody Apply', 'stageset-controller Apply']);
  });

  test('what people add by hand goes when they have added it, and an event names their tool', async (t) => {
    const scene = await startScene(t);
    await rollOut(scene, [configMap('a', now)]);
    await kubectl(scene, ['label', 'configmap/a', 'by-hand=true']);
    await eventually(async () => assert.equal((await read(scene)).metadata.labels?.['by-hand'], undefined));
    await scene.api.patch(scene.ref('ConfigMap', 'a'), { data: { more: 'z' } }, { fieldManager: 'kubectl-edit' });
    await eventually(async () => assert.deepEqual((await read(scene)).data, now));
    await eventually(async () => {
      const notes = (await scene.events('app')).filter(({ reason }) => reason === 'DriftCorrected');
      assert.deepEqual(notes.map(({ note }) => note).toSorted(), [
        `stage "app": corrected ConfigMap ${scene.namespace}/a (last written by kubectl-edit)`,
        `stage "app": corrected ConfigMap ${scene.namespace}/a (last written by kubectl-label)`,
      ]);
    });
    assert.deepEqual(managersOf(await read(scene)), ['stageset-controller Apply']);
  });

  test('a tool that comes back still runs: it is named once, and what only it sets stays', async (t) => {
    const scene = await startScene(t);
    const theirs = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: scene.namespace } };
    const comeBack = (data: object) =>
      scene.api.apply({ ...theirs, data }, { fieldManager: 'kustomize-controller', force: false });
    await comeBack(before);
    await rollOut(scene, [configMap('a', now)]);
    assert.deepEqual((await read(scene)).data, now);
    await comeBack({ onlyBefore: 'x' });
    const named = `stage "app": kustomize-controller still writes ConfigMap ${scene.namespace}/a: the fields that only it sets stay`;
    await eventually(async () => {
      const notes = (await scene.events('app')).map(({ note }) => note);
      assert.equal(notes.filter((note) => note === named).length, 1, notes.join('\n'));
    });
    await comeBack({ onlyBefore: 'x', another: 'z' });
    await setTimeout(500);
    const both = await read(scene);
    assert.deepEqual(both.data, { ...now, onlyBefore: 'x', another: 'z' });
    assert.deepEqual(managersOf(both), ['kustomize-controller Apply', 'stageset-controller Apply']);
    assert.equal((await scene.events('app')).filter(({ note }) => note === named).length, 1);
  });

  test('ssa: Merge keeps what was added by hand, but not over our own', async (t) => {
    const scene = await startScene(t);
    await rollOut(scene, [annotated('a', 'Merge', now)]);
    const edited = { shared: 'by hand', more: 'z' };
    await scene.api.patch(scene.ref('ConfigMap', 'a'), { data: edited }, { fieldManager: 'kubectl-edit' });
    await eventually(async () => assert.deepEqual((await read(scene)).data, { ...now, more: 'z' }));
  });

  test('ssa: IfNotPresent leaves what is there, whoever made it, and creates what is not', async (t) => {
    const scene = await startScene(t);
    const theirs = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: scene.namespace } };
    await scene.api.apply({ ...theirs, data: before }, { fieldManager: 'kubectl' });
    await rollOut(scene, [annotated('a', 'IfNotPresent', now), annotated('b', 'IfNotPresent', now)]);
    const kept = await read(scene);
    assert.deepEqual(kept.data, before);
    assert.deepEqual(managersOf(kept), ['kubectl Apply']);
    assert.deepEqual(await scene.ownedBy('app'), ['ConfigMap/b']);
    const next = await scene.publish('app', [annotated('a', 'IfNotPresent', {}), annotated('b', 'IfNotPresent', {})]);
    await scene.settled('app', succeededWith(next));
    assert.deepEqual((await read(scene, 'b')).data, now);
  });

  test('ssa: Ignore, and the object is not ours to write', async (t) => {
    const scene = await startScene(t);
    await rollOut(scene, [annotated('a', 'Ignore', now), configMap('b')]);
    assert.equal(await scene.find('ConfigMap', 'a'), undefined);
    assert.deepEqual(await scene.ownedBy('app'), ['ConfigMap/b']);
  });

  test('fields under a version that the CRD has dropped are migrated', async (t) => {
    const scene = await startScene(t);
    const group = `${scene.namespace}.example.test`;
    const version = (name: string) => ({
      name,
      served: true,
      storage: name === 'v1',
      schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
    });
    const crd = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `gadgets.${group}` },
      spec: {
        group,
        scope: 'Namespaced',
        names: { plural: 'gadgets', kind: 'Gadget' },
        versions: [version('v1'), version('v1beta1')],
      },
    };
    await scene.api.apply(crd);
    const gadget = (apiVersion: string, size: number) => ({
      apiVersion: `${group}/${apiVersion}`,
      kind: 'Gadget',
      metadata: { name: 'g', namespace: scene.namespace },
      spec: { size },
    });
    await eventually(() => scene.api.apply(gadget('v1beta1', 1), { fieldManager: 'somebody' }));
    await scene.api.apply({ ...crd, spec: { ...crd.spec, versions: [version('v1')] } });
    await eventually(() =>
      assert.rejects(scene.api.apply(gadget('v1', 2), { fieldManager: 'another' }), /invalid group\/version/),
    );
    await rollOut(scene, [gadget('v1', 2)]);
    const { apiVersion, kind, metadata } = gadget('v1', 2);
    const taken = await scene.api.get<KubeObject & { spec: object }>({ apiVersion, kind, ...metadata });
    assert.deepEqual(taken.spec, { size: 2 });
    assert.ok(taken.metadata.managedFields?.every((entry) => entry.apiVersion === apiVersion));
    await scene.api.delete({ apiVersion: crd.apiVersion, kind: crd.kind, name: crd.metadata.name });
  });
});
