import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isByHand, overrideManagers } from './override-managers.ts';

const isOverridden = overrideManagers(['our-old-tool']);

const overridden = ['kubectl', 'kubectl-edit', 'kubectl-client-side-apply', 'before-first-apply', 'helm'];
const tools = ['helm-controller', 'kustomize-controller', 'argocd-controller', 'our-old-tool'];
for (const manager of [...overridden, ...tools]) {
  test(`${manager} is overridden`, () => assert.ok(isOverridden({ manager })));
}
for (const manager of ['stageset-controller', 'helm-operator', 'kube-controller-manager', 'our-old-tool-2', '']) {
  test(`"${manager}" is left alone`, () => assert.ok(!isOverridden({ manager })));
}

test('what was written through a subresource stays', () => {
  assert.ok(!isOverridden({ manager: 'kubectl', subresource: 'scale' }));
});

test('people are told from tools', () => {
  assert.ok(['kubectl-edit', 'before-first-apply'].every(isByHand));
  assert.ok(!tools.some(isByHand));
});
