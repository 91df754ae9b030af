import assert from 'node:assert/strict';
import { mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { systemClock } from '../../shared/time/clock.ts';
import { createByteBudget } from '../pool/byte-budget.ts';
import { folderBlobs } from './folder.ts';
import { RollbackStore } from './rollback-store.ts';
import { sweep } from './sweep.ts';

const { signal } = new AbortController();
const HOURS = 3_600_000;

async function scene(t: TestContext) {
  const root = await mkdtemp(join(tmpdir(), 'sweep-'));
  t.after(() => rm(root, { recursive: true, force: true }));
  const blobs = folderBlobs(root);
  const store = new RollbackStore({ blobs, clock: systemClock, budget: createByteBudget(1_000), prefix: 'mine/' });
  const nowMs = Date.now();
  for (const [key, hours] of [
    ['mine/a/shop/there/app/x', 9],
    ['mine/a/shop/gone/app/x', 9],
    ['mine/a/shop/gone/app/young', 0],
    ['mine/b/shop/gone/app/x', 9],
    ['mine/a/other/gone/app/x', 9],
    ['mine/a/stray', 9],
    ['theirs/a/shop/gone/app/x', 9],
  ] as const) {
    await blobs.write(key, new Uint8Array(1), signal);
    const written = new Date(nowMs - hours * HOURS);
    await utimes(join(root, key), written, written);
  }
  const all = async () =>
    (await blobs.list('', signal)).map(({ key }) => key).filter((key) => !key.endsWith('.cluster'));
  const sweepAs = (cluster: string, namespaces: readonly string[]) =>
    sweep(
      {
        store,
        cluster,
        namespaces,
        isOurs: (key) => !key.endsWith('/other'),
        isThere: (uid) => uid === 'there',
        nowMs,
      },
      signal,
    );
  return { all, sweepAs };
}

test('what is old, ours and of no StageSet goes, and nothing else', async (t) => {
  const { all, sweepAs } = await scene(t);
  const before = await all();
  assert.deepEqual(await sweepAs('here', []), { is: 'swept', entries: 2 });
  const gone = ['mine/a/shop/gone/app/x', 'mine/b/shop/gone/app/x'];
  assert.deepEqual((await all()).toSorted(), before.filter((key) => !gone.includes(key)).toSorted());
});

test('a controller for some namespaces sweeps those', async (t) => {
  const { all, sweepAs } = await scene(t);
  assert.deepEqual(await sweepAs('here', ['b']), { is: 'swept', entries: 1 });
  assert.ok(!(await all()).includes('mine/b/shop/gone/app/x'));
});

test('what another cluster has claimed is left alone', async (t) => {
  const { all, sweepAs } = await scene(t);
  await sweepAs('there', ['none']);
  const before = await all();
  assert.deepEqual(await sweepAs('here', []), { is: 'not ours' });
  assert.deepEqual(await all(), before);
});
