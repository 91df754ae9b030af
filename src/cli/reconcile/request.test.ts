import assert from 'node:assert/strict';
import { test } from 'node:test';
import { API_VERSION } from '../../shared/api/group.ts';
import type { StageSet } from '../../shared/api/types.ts';
import { isHandled, newToken, requestAnnotations } from './request.ts';

const requestedAt = 'reconcile.fluxcd.io/requestedAt';

function asked(token: string | undefined, handled?: string): StageSet {
  return {
    apiVersion: API_VERSION,
    kind: 'StageSet',
    metadata: { name: 'shop', ...(token !== undefined && { annotations: { [requestedAt]: token } }) },
    spec: { stages: [] },
    ...(handled !== undefined && { status: { lastHandledReconcileAt: handled } }),
  };
}

test('a token is a time, and never the one that is there', () => {
  const nowMs = Date.parse('2026-06-15T09:30:00.125Z');
  assert.equal(newToken(asked(undefined), nowMs), '2026-06-15T09:30:00Z');
  assert.equal(newToken(asked('2026-06-15T09:30:00Z'), nowMs), '2026-06-15T09:30:00.125Z');
});

test('each wish is an annotation with the token', () => {
  assert.deepEqual(requestAnnotations('t', {}), { [requestedAt]: 't' });
  assert.deepEqual(requestAnnotations('t', { stage: 'app', updateNow: true, force: true }), {
    [requestedAt]: 't',
    'stages.metio.wtf/reconcile-stage': 'app@t',
    'stages.metio.wtf/update-now': 't',
    'reconcile.fluxcd.io/forceAt': 't',
  });
});

test('a request is handled by its own token, or by a later one in its place', () => {
  assert.equal(isHandled(asked('t'), 't'), false);
  assert.equal(isHandled(asked('t', 'before'), 't'), false);
  assert.equal(isHandled(asked('t', 't'), 't'), true);
  assert.equal(isHandled(asked('later', 'before'), 't'), false);
  assert.equal(isHandled(asked('later', 'later'), 't'), true);
});
