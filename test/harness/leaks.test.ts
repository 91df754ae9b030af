import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeApi } from '../../tools/control-plane/kube-api.ts';
import { CANARY } from '../support/canary.ts';
import { leaksOf, leaksOn, type Teller } from './leaks.ts';

const silent: Teller = { log: '{"msg":"ready"}\n', errors: '', metrics: async () => 'stageset_reconcile_total 1' };

const talkative: readonly (readonly [name: string, teller: Teller, told: RegExp])[] = [
  ['its log', { ...silent, log: `{"error":"denied: ${CANARY}"}` }, /^in the log, /],
  ['standard error', { ...silent, errors: `Error: ${CANARY}\n` }, /^on standard error, /],
  ['a label of a metric', { ...silent, metrics: async () => `x{name="${CANARY}"} 1` }, /^in metrics, /],
  ['its log, by a token', { ...silent, log: '{"token":"other-secret"}' }, /^in the log, /],
];

for (const [name, teller, told] of talkative) {
  test(`what a controller tells in ${name} is found`, async () => {
    const found = await leaksOf(teller, ['other-secret']);
    assert.equal(found.length, 1);
    assert.match(found[0] ?? '', told);
  });
}

test('one that tells nothing, or has ended, is found innocent', async () => {
  assert.deepEqual(await leaksOf(silent, []), []);
  assert.deepEqual(await leaksOf({ ...silent, metrics: () => Promise.reject(new Error('ended')) }, []), []);
});

test('what is written to the cluster is found in events, inventories and status, not in what the user wrote', async () => {
  const written = (kind: string, fields: object) => ({ kind, metadata: { namespace: 'shop', name: kind }, ...fields });
  const objects: Readonly<Record<string, object>> = {
    Event: written('Event', { note: `refused: ${CANARY}` }),
    StageInventory: written('StageInventory', { spec: { entries: [Buffer.from(CANARY).toString('base64')] } }),
    StageSet: written('StageSet', { spec: { stages: [CANARY] }, status: { conditions: [{ message: CANARY }] } }),
  };
  const api = { list: async (_version: string, kind: string) => [objects[kind]] } as unknown as KubeApi;
  const found = await leaksOn(api, []);
  assert.deepEqual(
    found.map((leak) => leak.split(',')[0]),
    ['in Event shop/Event', 'in StageInventory shop/StageInventory', 'in StageSet shop/StageSet'],
  );
  const innocent = written('StageSet', { spec: { stages: [CANARY] }, status: {} });
  const own = {
    list: async (_: string, kind: string) => (kind === 'StageSet' ? [innocent] : []),
  } as unknown as KubeApi;
  assert.deepEqual(await leaksOn(own, []), []);
});
