import assert from 'node:assert/strict';
import { test } from 'node:test';
import { terminalOf } from '../output/terminal.ts';
import { printHistory } from './history.ts';

const manner = { terminal: terminalOf({}, {}), nowMs: Date.parse('2026-06-15T10:00:00Z') };

test('outcomes are told newest first, with what they were for', () => {
  const text = printHistory(
    [
      {
        reason: 'StageFailed',
        message: 'stage "app" failed',
        generation: 4,
        revisions: { 'shop/a': 'v2', 'shop/b': 'v2', 'shop/c': 'v7' },
        rolledBack: true,
        startedAt: '2026-06-15T09:57:00Z',
        duration: '2m30s',
      },
      { reason: 'Suspended', startedAt: '2026-06-12T10:00:00Z', duration: '0s' },
    ],
    manner,
  );
  assert.equal(
    text,
    [
      'STARTED  TOOK   GENERATION  REASON                     REVISIONS  MESSAGE',
      '3m ago   2m30s  4           StageFailed (rolled back)  v2, v7     stage "app" failed',
      '3d ago   0s     -           Suspended                  -          -',
      '',
    ].join('\n'),
  );
});

test('before the first run has ended there is nothing to tell', () => {
  assert.equal(printHistory([], manner), 'No run has ended yet.\n');
});
