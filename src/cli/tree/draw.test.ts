import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StageSet } from '../../shared/api/types.ts';
import { terminalOf } from '../output/terminal.ts';
import type { OwnedObject, Standing } from '../owned/owned-object.ts';
import { drawTree } from './draw.ts';

const waiting: Standing = { is: 'inProgress', message: 'Available: 0/1' };

function object(id: string, standing: Standing, ...children: readonly OwnedObject[]): OwnedObject {
  return { id, apiVersion: 'v1', object: undefined, standing, children };
}

const message = 'stage "web" failed: verify: \x1b[31mtimed out';
const set: StageSet = {
  apiVersion: 'stages.metio.wtf/v1',
  kind: 'StageSet',
  metadata: { name: 'shop', namespace: 'shop' },
  spec: { stages: [] },
  status: {
    conditions: [{ type: 'Ready', status: 'False', reason: 'StageFailed', message, lastTransitionTime: '' }],
  },
};
const tree = {
  set,
  stages: [
    {
      name: 'db',
      status: { name: 'db', phase: 'Ready', appliedRevision: 'v1' },
      objects: [object('other_a__ConfigMap', { is: 'current' })],
    },
    {
      name: 'web',
      status: { name: 'web', phase: 'Failed', message: 'the same again' },
      objects: [
        object('shop_web_apps_Deployment', waiting, object('shop_web-1__Pod', waiting)),
        object('_x_rbac.authorization.k8s.io_ClusterRole', { is: 'missing', message: 'it is not there' }),
      ],
    },
  ],
  unread: ['you may not list pods in namespace other'],
} as const;

test('branches, columns, and what could not be looked at', () => {
  assert.equal(
    drawTree(tree, terminalOf({}, {})),
    [
      'StageSet shop/shop        StageFailed   stage "web" failed: verify: timed out',
      '├─ Stage db               Ready         v1',
      '│  └─ ConfigMap other/a   Current',
      '└─ Stage web              Failed',
      '   ├─ Deployment web      InProgress    Available: 0/1',
      '   │  └─ Pod web-1        InProgress    Available: 0/1',
      '   └─ ClusterRole x       NotFound      it is not there',
      '',
      'Not all could be looked at: you may not list pods in namespace other.',
      '',
    ].join('\n'),
  );
});

test('a narrow terminal cuts what is said', () => {
  const [first = ''] = drawTree(tree, terminalOf({ isTTY: true, columns: 56 }, { NO_COLOR: '1' })).split('\n');
  assert.equal(first, 'StageSet shop/shop        StageFailed   stage "web" fai…');
});
