import assert from 'node:assert/strict';
import { test } from 'node:test';
import { API_VERSION } from '../../shared/api/group.ts';
import type { Condition, StageSet, StageStatus } from '../../shared/api/types.ts';
import { liveView } from './live-view.ts';
import { plainView } from './plain-view.ts';

function shop(stages: readonly StageStatus[], condition?: Partial<Condition>): StageSet {
  const lastTransitionTime = '2026-06-15T09:30:00Z';
  const conditions = condition && [
    {
      type: 'Reconciling',
      status: 'True' as const,
      reason: 'Progressing',
      message: '',
      lastTransitionTime,
      ...condition,
    },
  ];
  return {
    apiVersion: API_VERSION,
    kind: 'StageSet',
    metadata: { name: 'shop', namespace: 'eu' },
    spec: { stages: stages.map(({ name }) => ({ name, sourceRef: { name } })) },
    status: { stages: [...stages], ...(conditions && { conditions }) },
  };
}

const clear = '\x1b[J';

/** What a terminal shows after all that was written to it: enough of one for a view that only goes up and clears. */
function screenOf({ columns = 80, rows = 24 } = {}) {
  let lines: string[] = [''];
  return {
    isTTY: true,
    columns,
    rows,
    write(text: string) {
      const up = text.startsWith('\x1b[') ? Number.parseInt(text.slice(2), 10) : 0;
      const body = text.slice(text.includes(clear) ? text.indexOf(clear) + clear.length : 0);
      lines = [...lines.slice(0, lines.length - 1 - up), ...body.split('\n')];
    },
    shown: () => lines,
  };
}

test('stages are drawn over themselves, with what each waits for and how long', () => {
  process.env.NO_COLOR = '1';
  const screen = screenOf();
  let nowMs = 0;
  using view = liveView(screen, () => nowMs);
  const applying: StageStatus = { name: 'db', phase: 'Applying', message: 'applying 2 of 2 objects' };
  view.show(shop([applying, { name: 'web', phase: 'Pending' }], { message: 'stage "db": applying' }), []);
  nowMs = 5_000;
  const verifying: StageStatus = { name: 'web', phase: 'Verifying', message: 'waiting for Deployment eu/web' };
  view.show(shop([{ name: 'db', phase: 'Ready' }, verifying]), []);
  nowMs = 8_000;
  view.show(shop([{ name: 'db', phase: 'Ready' }, verifying]), []);
  view.end('Succeeded: all');
  assert.deepEqual(screen.shown(), [
    'StageSet eu/shop  1/2 stages ready  8s',
    '  STAGE  PHASE      ELAPSED  MESSAGE',
    '  db     Ready      5s       -',
    '  web    Verifying  3s       waiting for Deployment eu/web',
    'Succeeded: all',
    '',
  ]);
});

test('a small terminal shows the stages that are at work, and no line is wrapped', () => {
  process.env.NO_COLOR = '1';
  const screen = screenOf({ columns: 40, rows: 5 });
  using view = liveView(screen, () => 0);
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const stages = names.map(
    (name): StageStatus => ({ name, phase: name < 'd' ? 'Ready' : 'Pending', message: 'x'.repeat(90) }),
  );
  view.show(shop(stages), []);
  const lines = screen.shown();
  assert.deepEqual(
    lines.map((line) => line.trim().split(' ')[0]),
    ['StageSet', 'STAGE', 'd', 'e', ''],
  );
  assert.ok(lines.every(({ length }) => length <= 40));
});

test('in a pipe each thing that moves is a line', () => {
  let text = '';
  let nowMs = 0;
  using view = plainView(
    (each) => {
      text += each;
    },
    () => nowMs,
  );
  view.show(shop([]), ['stage db: Applying']);
  nowMs = 130_000;
  view.show(shop([]), ['stage db: Ready', 'stage web: Failed, no\nsuch image']);
  view.end('StageFailed: no');
  assert.equal(
    text,
    '0s    stage db: Applying\n2m10s stage db: Ready\n2m10s stage web: Failed, no such image\n2m10s StageFailed: no\n',
  );
});
