import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import type { StageSet } from '../../src/shared/api/types.ts';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import type { News } from './news.ts';
import { render } from './render.ts';
import { next, opening, type View } from './view.ts';

const acts = [
  { title: 'Start a cluster', tells: 'It starts.' },
  { title: 'Publish version 2', tells: 'Pods are replaced, and then the smoke test runs.' },
  { title: 'Prune', tells: 'Something goes.' },
];

test('a frame shows the acts, the stages with their objects, what the controller does, and what happened', () => {
  assert.deepEqual(
    render(midway(), { columns: 60, rows: 30, color: false }, 9_000),
    [
      'stageset-controller on a cluster of its own  9.0 s',
      '',
      '✔ Start a cluster  4.0 s',
      '⠋ Publish version 2  5.0 s',
      '    Pods are replaced, and then the smoke test runs.',
      '  Prune',
      '',
      'StageSet shop  artifact at revision 2',
      '  stage app      Verifying  2.5 s',
      '    … Deployment/web            1 of 3 pods ready',
      '    ✔ Service/web',
      '  stage release  Pending',
      '    · Job/smoke-test-v2',
      '    − Job/smoke-test-v1         no longer in the artifact',
      'controller: stage "app": waiting for Deployment shop/web',
      '',
      '  5.0 s  revision 1 is published',
      '  6.0 s  revision 2 is published',
      '  6.0 s  Deployment/web is there, not ready yet',
      '  6.0 s  Service/web is there',
      '  6.0 s  Job/smoke-test-v1 is there, not ready yet',
      '  6.5 s  stage app: Verifying, waiting for Deployment shop/…',
      '  7.0 s  ✔ the app is up',
    ].map((line) => line.trimEnd()),
  );
});

test('nothing is wider or higher than the screen, and the newest stays in sight', () => {
  for (const [columns, rows] of [
    [80, 24],
    [40, 16],
    [20, 5],
    [1, 1],
  ] as const) {
    const frame = render(midway(), { columns, rows, color: true }, 9_000).map((line) => stripVTControlCharacters(line));
    assert.ok(frame.length <= rows, `${frame.length} lines in ${rows}`);
    assert.ok(
      frame.every((line) => [...line].length <= columns),
      `${columns} columns`,
    );
  }
  const low = render(midway(), { columns: 80, rows: 17, color: false }, 9_000);
  assert.equal(low.at(-1), '  7.0 s  ✔ the app is up');
  assert.ok(!low.includes(''), 'blank lines go first');
  assert.ok(!low.some((line) => line.includes('Prune')), 'then what is ahead');
  assert.ok(low.some((line) => line.includes('Publish version 2')));
});

test('what was pruned stays in sight until the next act', () => {
  const gone = next(midway(), { is: 'object', object: object('Job', 'smoke-test-v1', 'release'), gone: true }, 9_500);
  const frame = (view: View) => render(view, { columns: 80, rows: 40, color: false }, 10_000).join('\n');
  assert.match(frame(gone), /− Job\/smoke-test-v1 +removed from the cluster/);
  const later = next(next(gone, { is: 'act shown', act: 1 }, 9_800), { is: 'act begun', act: 2 }, 9_900);
  assert.doesNotMatch(frame(later).split('controller:')[0] ?? '', /smoke-test-v1/);
});

test('a failed act and a failed stage are marked', () => {
  const failed = [
    { is: 'act failed', act: 1 },
    { is: 'stage set', set: stageSet('Failed', 'Ready', 'False') },
  ] as const;
  const view = failed.reduce((view: View, news: News) => next(view, news, 9_000), midway());
  const frame = render(view, { columns: 80, rows: 40, color: false }, 9_900);
  assert.ok(frame.includes('✖ Publish version 2  5.0 s'));
  assert.ok(frame.includes('  stage app      Failed'));
  assert.ok(frame.includes('controller: StageFailed: stage "app": waiting for Deployment shop/web'));
});

/** Nine seconds into a demo. */
function midway(): View {
  const told: readonly [atMs: number, news: News][] = [
    [0, { is: 'act begun', act: 0 }],
    [4_000, { is: 'act shown', act: 0 }],
    [4_000, { is: 'act begun', act: 1 }],
    [5_000, published('1', 'smoke-test-v1')],
    [6_000, published('2', 'smoke-test-v2')],
    [
      6_000,
      { is: 'object', object: deployment({ replicas: 3, updatedReplicas: 3, availableReplicas: 1 }), gone: false },
    ],
    [6_000, { is: 'object', object: object('Service', 'web', 'app'), gone: false }],
    [6_000, { is: 'object', object: object('Job', 'smoke-test-v1', 'release'), gone: false }],
    [6_500, { is: 'stage set', set: stageSet('Verifying', 'Reconciling', 'True') }],
    [7_000, { is: 'proof', text: 'the app is up' }],
  ];
  return told.reduce((view, [atMs, news]) => next(view, news, atMs), opening(acts, 0));
}

function published(revision: string, job: string): News {
  const objects = [
    { stage: 'app', apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    { stage: 'app', apiVersion: 'v1', kind: 'Service', name: 'web' },
    { stage: 'release', apiVersion: 'batch/v1', kind: 'Job', name: job },
  ];
  return { is: 'published', revision, objects };
}

function object(kind: string, name: string, stage: string): KubeObject {
  const apiVersion = kind === 'Job' ? 'batch/v1' : 'v1';
  return { apiVersion, kind, metadata: { name, labels: { 'stages.metio.wtf/stage': stage } }, spec: {} };
}

function deployment(status: object): KubeObject {
  const metadata = { name: 'web', labels: { 'stages.metio.wtf/stage': 'app' } };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { replicas: 3 }, status };
}

function stageSet(app: 'Verifying' | 'Failed', type: string, status: 'True' | 'False'): StageSet {
  const message = 'stage "app": waiting for Deployment shop/web';
  const condition = { type, status, reason: 'StageFailed', message, lastTransitionTime: '2030-01-01T00:00:00Z' };
  return {
    apiVersion: 'stages.metio.wtf/v1',
    kind: 'StageSet',
    metadata: { name: 'shop', namespace: 'shop' },
    spec: { stages: ['app', 'release'].map((name) => ({ name, sourceRef: { name: 'manifests' } })) },
    status: {
      conditions: [condition],
      stages: [
        { name: 'app', phase: app, message: 'waiting for Deployment shop/web' },
        { name: 'release', phase: 'Pending' },
      ],
    },
  };
}

test('what stagesetctl answers is wrapped, not cut', () => {
  const answered = next(midway(), { is: 'answer', lines: ['NAME   READY', `${'word '.repeat(12)}end`] }, 8_000);
  const frame = render(answered, { columns: 40, rows: 30, color: false }, 9_000);
  assert.deepEqual(frame.slice(-4), [
    '         NAME   READY',
    `         ${'word '.repeat(6).trim()}`,
    `         ${'word '.repeat(6).trim()}`,
    '         end',
  ]);
});
