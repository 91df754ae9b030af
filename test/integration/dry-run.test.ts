import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { startWebhook } from '../harness/admission-webhook.ts';
import { because, configMap, type Manifest, oneStage, startScene, succeeded, succeededWith } from '../harness/scene.ts';
import { CANARY } from '../support/canary.ts';

function definition(group: string, schema: object): Manifest {
  const properties = { spec: { type: 'object', properties: schema } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `gadgets.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'gadgets', kind: 'Gadget' },
      versions: [
        { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', properties } } },
      ],
    },
  };
}

const gadget = (group: string, spec: object): Manifest => ({
  apiVersion: `${group}/v1`,
  kind: 'Gadget',
  metadata: { name: 'g' },
  spec,
});

describe('dry run', { concurrency: 4 }, () => {
  test('a custom resource waits for the CRD of its stage, and only then it is judged', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    const group = `${scene.namespace}.example.test`;
    const crd = definition(group, { size: { type: 'integer' } });
    await scene.publish('app', [gadget(group, { size: 'large' }), configMap('a'), crd]);
    await scene.roll('app', oneStage('app'));
    const { message } = await scene.settled('app', because('StageFailed'));
    assert.match(message, /^stage "app" failed: apply: Gadget \S+\/g: .*spec\.size/);
    const published = await scene.publish('app', [gadget(group, { size: 3 }), configMap('a'), crd]);
    await scene.settled('app', succeededWith(published));
    const ref = { apiVersion: `${group}/v1`, kind: 'Gadget', namespace: scene.namespace, name: 'g' };
    assert.deepEqual((await scene.api.get<{ spec: object }>(ref)).spec, { size: 3 });
  });

  test('an object waits for the namespace of its stage', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    const team = `${scene.namespace}-team`;
    const inTeam = { ...configMap('a'), metadata: { name: 'a', namespace: team } };
    await scene.publish('app', [inTeam, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: team } }]);
    await scene.roll('app', oneStage('app'));
    await scene.settled('app', succeeded);
    assert.ok(await scene.api.find({ apiVersion: 'v1', kind: 'ConfigMap', namespace: team, name: 'a' }));
  });

  test('a webhook that cannot take part in a dry run is asked by the real apply, and its answer counts', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await startWebhook(t, scene, {
      kind: 'Validating',
      resource: 'configmaps',
      rule: ({ dryRun, name }) => {
        if (dryRun) return { allowed: false, status: { code: 400, message: 'dry run is not supported' } };
        return { allowed: name !== 'bad', status: { code: 403, message: 'no bad names' } };
      },
    });
    await scene.publish('app', [configMap('good')]);
    await scene.roll('app', oneStage('app'));
    await scene.settled('app', succeeded);
    await scene.publish('app', [configMap('good'), configMap('bad')]);
    const { message } = await scene.settled('app', because('StageFailed'));
    assert.match(message, /ConfigMap \S+\/bad: .*rules\.example\.test.* denied the request: no bad names$/);
    assert.deepEqual(await scene.ownedBy('app'), ['ConfigMap/good']);
  });

  test('a webhook that denies is heard before anything is written', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await startWebhook(t, scene, {
      kind: 'Validating',
      resource: 'configmaps',
      rule: ({ name }) => ({ allowed: name !== 'bad', status: { code: 403, message: 'no bad names' } }),
    });
    await scene.publish('app', [configMap('good'), configMap('bad')]);
    await scene.roll('app', oneStage('app'));
    const { message } = await scene.settled('app', because('StageFailed'));
    assert.match(message, /no bad names$/);
    assert.deepEqual(await scene.ownedBy('app'), []);
  });

  test('what a webhook says of a Secret is not passed on, wherever it quotes it', async (t) => {
    const scene = await startScene(t);
    const controller = await scene.controller();
    await startWebhook(t, scene, {
      kind: 'Validating',
      resource: 'secrets',
      rule: ({ object }) => {
        const value = Buffer.from(object.data?.password ?? '', 'base64').toString();
        const causes = [{ field: `password ${value}`, reason: value, message: value }];
        return {
          allowed: false,
          status: { code: 403, reason: `bad ${value}`, message: `no: ${value}`, details: { causes } },
        };
      },
    });
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, stringData: { password: CANARY } };
    await scene.publish('app', [secret]);
    await scene.roll('app', oneStage('app'));
    const { message } = await scene.settled('app', because('StageFailed'));
    assert.match(message, /^stage "app" failed: apply: Secret \S+\/s: refused/);
    const events = await eventually(async () => {
      const found = await scene.events('app');
      assert.equal(found.length, 1);
      return found;
    });
    const told = JSON.stringify([await scene.read('app'), events, controller.log]);
    for (const words of [CANARY, Buffer.from(CANARY).toString('base64')]) assert.ok(!told.includes(words));
  });

  test('nor is what other managers hold of one, or what is immutable in it', async (t) => {
    const scene = await startScene(t);
    const controller = await scene.controller();
    const secret = (password: string): Manifest => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's' },
      immutable: true,
      stringData: { password },
    });
    await scene.publish('app', [secret(`${CANARY}-1`)]);
    await scene.roll('app', oneStage('app'));
    await scene.settled('app', succeeded);
    await scene.publish('app', [secret(`${CANARY}-2`)]);
    const { message } = await scene.settled('app', because('StageFailed'));
    assert.equal(
      message,
      `stage "app" failed: apply: Secret ${scene.namespace}/s: immutable and changed: data (conflict policy Fail)`,
    );
    assert.ok(!controller.log.includes(CANARY));
  });
});
