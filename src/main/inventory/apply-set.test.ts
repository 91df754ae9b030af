import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noParent, parentMarks, readGroupKinds } from './apply-set.ts';

const set = { id: 'applyset-x-v1', namespace: 'shop', toolVersion: '1.2.3' };

test('the marks are those of KEP-3659: kinds with their group, namespaces but its own, each sorted and once', () => {
  const members = [
    'shop_web_apps_Deployment',
    'other_web_apps_Deployment',
    'shop_settings__ConfigMap',
    '_admin_rbac.authorization.k8s.io_ClusterRole',
  ];
  assert.deepEqual(parentMarks({ ...set, members }), {
    labels: { 'applyset.kubernetes.io/id': 'applyset-x-v1' },
    annotations: {
      'applyset.kubernetes.io/tooling': 'stageset-controller/v1.2.3',
      'applyset.kubernetes.io/contains-group-kinds': 'ClusterRole.rbac.authorization.k8s.io,ConfigMap,Deployment.apps',
      'applyset.kubernetes.io/additional-namespaces': 'other',
    },
  });
});

test('what no annotation can hold is no set at all, rather than one that leaves members out', () => {
  const members = Array.from({ length: 4_000 }, (_, i) => `${'n'.repeat(58)}${i}_a__ConfigMap`);
  assert.deepEqual(parentMarks({ ...set, members }), noParent);
});

test('the kinds of a parent are read back', () => {
  assert.deepEqual(readGroupKinds('ConfigMap,Widget.example.test'), [
    { group: '', kind: 'ConfigMap' },
    { group: 'example.test', kind: 'Widget' },
  ]);
  assert.deepEqual(readGroupKinds(''), []);
});
