import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../shared/time/clock.ts';
import { createByteBudget } from '../pool/byte-budget.ts';
import type { Blobs } from './blobs.ts';
import { RollbackStore } from './rollback-store.ts';

const { signal } = new AbortController();
const owner = { namespace: 'team', name: 'shop', uid: 'u' };
const digestOf = (letter: string) => `sha256:${letter.repeat(64)}`;
const at = (letter: string, stage = 'app') => ({
  ...owner,
  stage,
  digest: digestOf(letter),
  renderDigest: digestOf('0'),
});

/** One that writes all in the same second. */
function store() {
  const kept = new Map<string, Uint8Array<ArrayBuffer>>();
  const blobs: Blobs = {
    write: async (key, bytes) => void kept.set(key, bytes),
    size: async (key) => kept.get(key)?.length,
    read: async (key) => kept.get(key),
    list: async (folder) =>
      [...kept.keys()].filter((key) => key.startsWith(folder)).map((key) => ({ key, writtenMs: 1 })),
    remove: async (key) => void kept.delete(key),
  };
  const budget = createByteBudget(10_000);
  return { kept, budget, store: new RollbackStore({ blobs, clock: systemClock, budget, prefix: 'p/' }) };
}

const artifact = { is: 'artifact', renderDigest: digestOf('0') } as const;

test('what stands now is never trimmed, whatever times say', async () => {
  const { store: entries, kept } = store();
  for (const letter of ['a', 'b', 'c', 'd', 'e']) await entries.put(at(letter), artifact, new Uint8Array(1), signal);
  await entries.put(at('a', 'gone'), artifact, new Uint8Array(1), signal);
  await entries.trim(owner, { stages: new Set(['app']), now: [at('e')] }, signal);
  assert.equal(kept.size, 3);
  assert.ok(await entries.has(at('e'), signal));
  assert.ok(!(await entries.has(at('a', 'gone'), signal)));
});

test('what is taken counts as long as it is held, and what is no good is not held', async () => {
  const { store: entries, kept, budget } = store();
  await entries.put(at('a'), artifact, new Uint8Array(100), signal);
  {
    using taken = await entries.take(at('a'), signal);
    assert.equal(taken?.bytes.byteLength, 100);
    assert.ok(budget.reserved >= 100);
  }
  assert.equal(await entries.take(at('b'), signal), undefined);
  const [key = ''] = kept.keys();
  kept.set(key, new Uint8Array(200));
  await assert.rejects(entries.take(at('a'), signal), /it is corrupted$/);
  await assert.rejects(entries.take({ ...at('a'), digest: '../x' }, signal), /status names no digests$/);
  assert.equal(budget.reserved, 0);
});

test('an entry that lies under another’s key is not taken for it', async () => {
  const { store: entries } = store();
  await entries.put(at('a'), { ...artifact, renderDigest: digestOf('9') }, new Uint8Array(1), signal);
  await assert.rejects(entries.take(at('a'), signal), /it is corrupted$/);
});
