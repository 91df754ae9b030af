import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { configMap, oneStage, startScene, succeeded, succeededWith } from '../harness/scene.ts';
import { allAsked } from '../harness/sent-requests.ts';

test('a ConfigMap that is substituted from starts a run when it changes', async (t) => {
  const scene = await startScene(t);
  await scene.controller();
  const values = (color: string) =>
    scene.api.apply({
      ...configMap('values', { color }),
      metadata: { name: 'values', namespace: scene.namespace },
    } as unknown as KubeObject);
  await values('red');
  await scene.publish('app', [configMap('out', { color: '$' + '{color}' })]);
  await scene.roll('app', oneStage('app', { postBuild: { substituteFrom: [{ kind: 'ConfigMap', name: 'values' }] } }));
  await scene.settled('app', succeeded);
  await values('blue');
  await eventually(async () => {
    assert.deepEqual((await scene.find<{ data: object } & KubeObject>('ConfigMap', 'out'))?.data, { color: 'blue' });
  });
});

test('a producer starts a run when it changes, and is watched only while it is named', async (t) => {
  const scene = await startScene(t);
  const generator = { apiVersion: 'build.example.test/v1', kind: 'Generator' };
  const anything = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  await scene.api.create({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'generators.build.example.test' },
    spec: {
      group: 'build.example.test',
      scope: 'Namespaced',
      names: { kind: 'Generator', plural: 'generators' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: anything } }],
    },
  } as unknown as KubeObject);
  const metadata = { name: 'gen', namespace: scene.namespace };
  const make = (text: string) => scene.api.apply({ ...generator, metadata, spec: { text } } as unknown as KubeObject);
  await eventually(() => make('one'));
  const controller = await scene.controller();
  const files = { 'a.yaml': JSON.stringify(configMap('made')) };
  const made = await scene.publishAs('gen', { files, spec: { sourceRef: { ...generator, name: 'gen' } } });
  const stages = [{ name: 'app', sourceRef: { ...generator, name: 'gen' } }];
  const ended = async () => {
    const asked = await allAsked(scene.plane.auditLogPath ?? '');
    return asked.filter(({ verb, resource }) => verb === 'watch' && resource === 'generators').length;
  };
  // The kind may be newer than what the controller knows: noticed a second later, and then a run finds it.
  await eventually(async () => {
    await scene.roll('app', { ...oneStage(''), stages }, { 'reconcile.fluxcd.io/requestedAt': `${performance.now()}` });
    await scene.settled('app', succeededWith(made));
    assert.equal(await ended(), 1, 'the watch has begun');
  });
  await make('two');
  await eventually(() => assert.match(controller.log, /"because":\[[^\]]*"Generator gen changed"/));
  await scene.remove('app');
  await scene.gone('app');
  await eventually(async () => assert.equal(await ended(), 2, 'the watch has ended'));
});
