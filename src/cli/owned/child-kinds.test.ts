import assert from 'node:assert/strict';
import { test } from 'node:test';
import { descendantKinds } from './child-kinds.ts';

const below: readonly [kind: string, descendants: readonly string[]][] = [
  ['apps/Deployment', ['/Pod', 'apps/ReplicaSet']],
  ['apps/StatefulSet', ['/PersistentVolumeClaim', '/Pod']],
  ['batch/CronJob', ['/Pod', 'batch/Job']],
  ['/ConfigMap', []],
  ['networking.k8s.io/Ingress', []],
  [
    'argoproj.io/Rollout',
    [
      '/PersistentVolumeClaim',
      '/Pod',
      'apps/DaemonSet',
      'apps/Deployment',
      'apps/ReplicaSet',
      'apps/StatefulSet',
      'batch/CronJob',
      'batch/Job',
    ],
  ],
];

for (const [kind, descendants] of below) {
  test(`below ${kind} may hang ${descendants.join(', ') || 'nothing'}`, () => {
    assert.deepEqual([...descendantKinds(kind)].toSorted(), descendants);
  });
}
