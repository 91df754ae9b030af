import assert from 'node:assert/strict';
import { test } from 'node:test';
import { API_VERSION } from '../../shared/api/group.ts';
import type { StageSet, StageSetStatus } from '../../shared/api/types.ts';
import { terminalOf } from '../output/terminal.ts';
import { printDetail } from './detail.ts';

function payments(status: StageSetStatus | undefined, suspend = false): StageSet {
  return {
    apiVersion: API_VERSION,
    kind: 'StageSet',
    metadata: { name: 'payments', namespace: 'shop' },
    spec: { suspend, stages: ['infra', 'app'].map((name) => ({ name, sourceRef: { name } })) },
    ...(status !== undefined && { status }),
  };
}

const plain = { terminal: terminalOf({}, {}), isWide: false };
const lines = (text: string) => `${text.trim().replaceAll(/^ {4}/gm, '')}\n`;

test('all that a status can say', () => {
  const set = payments(
    {
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          reason: 'Succeeded',
          message: 'All 2 stages\napplied',
          lastTransitionTime: '2026-06-15T09:30:00Z',
        },
      ],
      version: '2.1.0',
      pendingMigrations: ['a', 'b'],
      lastHandledReconcileAt: '2026-06-15T09:30:00Z',
      pendingUpdate: { revisions: { 'shop/app': 'v2@sha256:2' }, nextWindowOpens: '2026-06-15T22:00:00Z' },
      stages: [
        { name: 'old', phase: 'Pruning', entriesCount: 3 },
        { name: 'app', phase: 'Failed', appliedRevision: 'v1@sha256:1', entriesCount: 12, message: 'no such image' },
      ],
    },
    true,
  );
  assert.equal(
    printDetail(set, plain),
    lines(`
    Name:       payments
    Namespace:  shop
    Suspended:  true
    Ready:      True (Succeeded)
    Message:    All 2 stages applied
    Version:    2.1.0
    Pending migrations: a, b
    Last handled reconcile: 2026-06-15T09:30:00Z
    Pending update:
      Next window opens: 2026-06-15T22:00:00Z
      Held: shop/app -> v2@sha256:2
    Stages:
      NAME   PHASE    REVISION     ENTRIES
      infra  -        -            -
      app    Failed   v1@sha256:1  12
      old    Pruning  -            3`),
  );
  assert.match(printDetail(set, { ...plain, isWide: true }), /ENTRIES {2}MESSAGE\n/);
  assert.match(printDetail(set, { ...plain, isWide: true }), / 12 {7}no such image\n/);
});

test('nothing is known yet', () => {
  assert.equal(
    printDetail(payments(undefined), plain),
    lines(`
    Name:       payments
    Namespace:  shop
    Ready:      Unknown
    Message:    -
    Version:    -
    Stages:
      NAME   PHASE  REVISION  ENTRIES
      infra  -      -         -
      app    -      -         -`),
  );
});

test('colours survive', () => {
  const terminal = terminalOf({ isTTY: true, columns: 80 }, {});
  assert.ok(printDetail(payments(undefined), { ...plain, terminal }).includes('Ready:      \x1b[33mUnknown\x1b[0m\n'));
});
