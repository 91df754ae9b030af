import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StageSet } from '../../src/shared/api/types.ts';
import { publishedKinds, publishedObjects } from './published-objects.ts';

const files = {
  'app/web.yaml':
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n---\n---\napiVersion: v1\nkind: Service\nmetadata: {name: web}\n',
  'app/deep/broken.yaml': 'kind: [',
  'apple/other.yaml': 'apiVersion: v1\nkind: Secret\nmetadata: {name: other}\n',
  'notes.txt': 'read me',
};

const sources = new Map([['manifests', files]]);

test('each stage has what lies below its path in its source', () => {
  const found = publishedObjects({ stageSet: stageSet({ one: './app/', two: 'apple', all: undefined }), sources });
  const elsewhere = new Map([['others', files]]);
  assert.deepEqual(publishedObjects({ stageSet: stageSet({ one: './app/' }), sources: elsewhere }), []);
  assert.deepEqual(
    found.map(({ stage, apiVersion, kind, name }) => `${stage}: ${apiVersion} ${kind}/${name}`),
    [
      'one: apps/v1 Deployment/web',
      'one: v1 Service/web',
      'two: v1 Secret/other',
      'all: apps/v1 Deployment/web',
      'all: v1 Service/web',
      'all: v1 Secret/other',
    ],
  );
});

test('a kind counts once', () => {
  const kinds = publishedKinds({ stageSet: stageSet({ one: 'app', all: '.' }), sources });
  assert.deepEqual(
    kinds.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`),
    ['apps/v1 Deployment', 'v1 Service', 'v1 Secret'],
  );
});

function stageSet(paths: Readonly<Record<string, string | undefined>>): StageSet {
  const stages = Object.entries(paths).map(([name, path]) => ({
    name,
    sourceRef: { name: 'manifests' },
    ...(path === undefined ? {} : { path }),
  }));
  return { apiVersion: 'stages.metio.wtf/v1', kind: 'StageSet', metadata: { name: 'shop' }, spec: { stages } };
}
