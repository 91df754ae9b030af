import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadAll } from 'js-yaml';
import { API_VERSION } from '../../shared/api/group.ts';
import type { StageSet, StageStatus } from '../../shared/api/types.ts';
import { dataView } from './data-view.ts';

function shop(reason: string, stage: Omit<StageStatus, 'name'>): StageSet {
  const ready = { type: 'Ready', status: 'Unknown' as const, reason, message: `it is ${reason}` };
  return {
    apiVersion: API_VERSION,
    kind: 'StageSet',
    metadata: { name: 'shop', namespace: 'eu' },
    spec: { stages: [{ name: 'db', sourceRef: { name: 'db' } }] },
    status: {
      conditions: [{ ...ready, lastTransitionTime: '2026-06-15T09:30:00Z' }],
      stages: [{ name: 'db', ...stage }],
    },
  };
}

function told(format: 'json' | 'yaml'): string {
  let text = '';
  let nowMs = 0;
  const write = (more: string) => {
    text += more;
  };
  using view = dataView(write, format, () => nowMs);
  view.show(shop('Progressing', { phase: 'Applying', message: 'applying' }), []);
  nowMs = 2_500;
  view.show(shop('Progressing', { phase: 'Applying', message: 'applying' }), ['time alone is no change']);
  view.show(shop('Succeeded', { phase: 'Ready' }), []);
  view.end('Succeeded: all');
  return text;
}

const documents = [
  {
    name: 'shop',
    namespace: 'eu',
    ready: 'Unknown',
    reason: 'Progressing',
    message: 'it is Progressing',
    stages: [{ name: 'db', phase: 'Applying', message: 'applying', elapsedSeconds: 0 }],
    elapsedSeconds: 0,
  },
  {
    name: 'shop',
    namespace: 'eu',
    ready: 'Unknown',
    reason: 'Succeeded',
    message: 'it is Succeeded',
    stages: [{ name: 'db', phase: 'Ready', message: '', elapsedSeconds: 2 }],
    elapsedSeconds: 2,
  },
];

test('as JSON each change is a line, as YAML a document', () => {
  const json = told('json');
  assert.deepEqual(
    json
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
    documents,
  );
  const yaml = told('yaml');
  assert.deepEqual(loadAll(yaml), documents);
  assert.equal(yaml.split(/^---$/m).length, 2);
});
