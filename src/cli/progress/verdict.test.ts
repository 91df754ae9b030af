import assert from 'node:assert/strict';
import { test } from 'node:test';
import { API_VERSION } from '../../shared/api/group.ts';
import { type Reason, reasons } from '../../shared/api/reasons.ts';
import type { StageSet, StageSetStatus } from '../../shared/api/types.ts';
import { newsSince } from './news.ts';
import { conclude, verdictOf, waitOf } from './verdict.ts';

const requestedAt = 'reconcile.fluxcd.io/requestedAt';
const forceAt = 'reconcile.fluxcd.io/forceAt';
const lastTransitionTime = '2026-06-15T09:30:00Z';

interface Change {
  readonly reason?: Reason;
  readonly status?: StageSetStatus;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly suspend?: boolean;
}

function ended({ reason = 'Succeeded', status = {}, annotations = {}, suspend = false }: Change = {}): StageSet {
  const ready = { type: 'Ready', status: reasons[reason].ready, reason, message: 'so', lastTransitionTime };
  return {
    apiVersion: API_VERSION,
    kind: 'StageSet',
    metadata: { name: 'shop', namespace: 'eu', generation: 2, annotations },
    spec: { suspend, stages: [] },
    status: { observedGeneration: 2, conditions: [ready], ...status },
  };
}

for (const reason of Object.keys(reasons) as Reason[]) {
  const { kind, ready } = reasons[reason];
  const is = kind === 'waiting' ? undefined : ready === 'True' ? 'ready' : 'notReady';
  test(`${reason} is ${is ?? 'no end'}`, () => assert.equal(verdictOf(ended({ reason }))?.is, is));
}

test('what merely waits says for what, unless a run is to come', () => {
  assert.equal(waitOf(ended({ reason: 'DependencyNotReady' })), 'DependencyNotReady: so');
  assert.equal(waitOf(ended({ reason: 'DependencyNotReady', annotations: { [requestedAt]: 't' } })), undefined);
  assert.equal(waitOf(ended({ reason: 'StageFailed' })), undefined);
  assert.equal(waitOf(ended()), undefined);
});

test('it is no end while something is to come', () => {
  const working = { type: 'Reconciling', status: 'True' as const, reason: 'P', message: '', lastTransitionTime };
  const { conditions = [] } = ended().status ?? {};
  assert.equal(verdictOf(ended({ status: { observedGeneration: 1 } })), undefined);
  assert.equal(verdictOf(ended({ status: { conditions: [...conditions, working] } })), undefined);
  assert.equal(verdictOf(ended({ annotations: { [requestedAt]: 't' } })), undefined);
  assert.equal(
    verdictOf(ended({ annotations: { [requestedAt]: 't' }, status: { lastHandledReconcileAt: 't' } }))?.is,
    'ready',
  );
});

test('a suspended one hears no request but a forced one', () => {
  const suspended = { reason: 'Suspended', suspend: true } as const;
  assert.equal(verdictOf(ended({ ...suspended, annotations: { [requestedAt]: 't' } }))?.is, 'notReady');
  assert.equal(verdictOf(ended({ ...suspended, annotations: { [requestedAt]: 't', [forceAt]: 't' } })), undefined);
});

test('the end is a line, or an error that names the StageSet', () => {
  const set = ended();
  assert.equal(conclude(set, { is: 'ready', because: 'Succeeded: so' }), 'Succeeded: so');
  assert.throws(
    () => conclude(set, { is: 'notReady', because: 'StageFailed: no' }),
    /StageSet eu\/shop is not ready: StageFailed: no/,
  );
});

test('news are what has moved, stage by stage, and what the whole waits for', () => {
  const at = (phase: 'Applying' | 'Ready', message?: string): StageSet =>
    ended({ status: { stages: [{ name: 'db', phase, ...(message && { message }) }] } });
  assert.deepEqual(newsSince(undefined, at('Applying', '1 of 2')), ['stage db: Applying, 1 of 2']);
  assert.deepEqual(newsSince(at('Applying', '1 of 2'), at('Applying', '1 of 2')), []);
  assert.deepEqual(newsSince(at('Applying', '1 of 2'), at('Ready', 'old')), ['stage db: Ready']);
  const waiting = ended({ reason: 'DependencyNotReady' });
  assert.deepEqual(newsSince(ended(), waiting), ['DependencyNotReady: so']);
  assert.deepEqual(newsSince(waiting, waiting), []);
});
