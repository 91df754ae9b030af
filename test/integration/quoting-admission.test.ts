import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { putSecret } from '../harness/remote.ts';
import { because, configMap, type Manifest, oneStage, type Scene, startScene } from '../harness/scene.ts';
import { CANARY } from '../support/canary.ts';

const POLICY = 'admissionregistration.k8s.io/v1';

/** Denies whatever holds a password, and tells everyone which. */
async function startQuoting({ api, namespace }: Scene, when: string): Promise<void> {
  const rule = {
    apiGroups: [''],
    apiVersions: ['v1'],
    operations: ['CREATE', 'UPDATE'],
    resources: ['configmaps', 'secrets'],
  };
  await api.create({
    apiVersion: POLICY,
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: namespace },
    spec: {
      matchConstraints: { resourceRules: [rule] },
      matchConditions: [
        { name: 'here', expression: `request.namespace == '${namespace}'` },
        { name: 'password', expression: 'has(object.data) && has(object.data.password)' },
        { name: 'when', expression: when },
      ],
      validations: [{ expression: 'false', messageExpression: `'what a bad password: ' + object.data.password` }],
    },
  } as KubeObject);
  await api.create({
    apiVersion: POLICY,
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: namespace },
    spec: { policyName: namespace, validationActions: ['Deny'] },
  } as KubeObject);
  await eventually(async () => {
    const probe = { ...configMap('probe', { password: 'probe' }), metadata: { name: 'probe', namespace } };
    await assert.rejects(api.create(probe as unknown as KubeObject), /what a bad password: probe/);
  });
}

const moments: readonly { readonly name: string; readonly when: string }[] = [
  { name: 'in the dry run', when: 'true' },
  { name: 'in the apply', when: '!request.dryRun' },
];

const secret: Manifest = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'own' },
  stringData: { password: CANARY },
};

describe('who denies a Secret and quotes its value is not passed on', { concurrency: 2 }, () => {
  for (const { name, when } of moments) {
    test(name, async (t) => {
      const scene = await startScene(t);
      const controller = await scene.controller();
      await startQuoting(scene, when);
      await putSecret(scene, 'values', { value: CANARY });
      await scene.publish('app', [secret, configMap('filled', { password: `\${value}` })]);
      const postBuild = { substituteFrom: [{ kind: 'Secret', name: 'values' }] } as const;
      await scene.roll('app', oneStage('app', { postBuild }));
      const ready = await scene.settled('app', because('StageFailed'));
      for (const object of ['Secret', 'ConfigMap']) {
        assert.match(ready.message, new RegExp(`${object} \\S+: refused \\(Invalid\\)`));
      }
      const events = await eventually(async () => {
        const found = await scene.events('app');
        assert.equal(found.length, 1);
        return found;
      });
      const told = JSON.stringify([await scene.read('app'), events, controller.log]);
      for (const text of [CANARY, Buffer.from(CANARY).toString('base64')]) assert.ok(!told.includes(text));
      assert.deepEqual(await scene.ownedBy('app'), []);
    });
  }
});
