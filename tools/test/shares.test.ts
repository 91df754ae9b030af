import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { canShare, loners, writeShares } from './shares.ts';

const scene = "import { oneStage, startScene } from '../harness/scene.ts';\n";

const rows: readonly (readonly [is: boolean, source: string])[] = [
  [true, scene],
  [true, `${scene}test('a', async (t) => { await (await startScene(t)).controller(); });`],
  [false, "import { startCluster } from '../harness/cluster.ts';"],
  [false, `${scene}before(async () => {});`],
  [false, `${scene}import { type ControllerProcess, startController } from '../harness/controller.ts';`],
  [false, `${scene}import { startReplica } from '../harness/replica.ts';`],
  [false, scene.replace('startScene', 'breakablePlane, startScene')],
];

for (const [is, source] of rows) {
  test(`${is ? 'shares' : 'runs alone'}: ${source}`, () => assert.equal(canShare('a.test.ts', source), is));
}

test('a loner would share, were it not named', async () => {
  for (const file of Object.keys(loners)) {
    const source = await readFile(file, 'utf8');
    assert.deepEqual([canShare(file, source), canShare(`other/${file}`, source)], [false, true], file);
  }
});

test('each file is in one share, and the shares are of a size', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'shares-'));
  t.after(() => rm(folder, { recursive: true }));
  const files = Array.from({ length: 13 }, (_, i) => `test/${i}.test.ts`);
  const shares = await Promise.all((await writeShares(files, folder)).map((path) => readFile(path, 'utf8')));
  const inShares = shares.map((share) => [...share.matchAll(/test\/\d+\.test\.ts/g)].map(([name]) => name));
  assert.deepEqual(inShares.map(({ length }) => length).toSorted(), [4, 4, 5]);
  assert.deepEqual(inShares.flat().toSorted(), files.toSorted());
  assert.deepEqual(await writeShares([], folder), []);
});
