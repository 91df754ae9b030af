import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keys } from '../../shared/labels.ts';
import { requestedToken } from './reconcile-stage.ts';

for (const [request, token] of [
  ['app@t', 't'],
  ['app@t@2', 't@2'],
  ['app@', undefined],
  ['app', undefined],
  ['other@t', undefined],
  ['apple@t', undefined],
  ['', undefined],
] as const) {
  test(`"${request}" asks of stage app: ${token ?? 'nothing'}`, () => {
    const metadata = { name: 'shop', annotations: { [keys.reconcileStage]: request } };
    assert.equal(requestedToken({ metadata }, 'app'), token);
  });
}

test('without an annotation nothing is asked', () => {
  assert.equal(requestedToken({ metadata: { name: 'shop' } }, 'app'), undefined);
});
