import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { keysFromFiles } from './key-files.ts';

test('an entry has the name of its file, with an ending that says what it holds', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'key-files-'));
  t.after(() => rm(folder, { recursive: true }));
  const [plain, age, pgp] = ['keys.txt', 'team.agekey', 'team.asc'].map((name) => join(folder, name));
  for (const file of [plain, age]) await writeFile(file as string, 'AGE-SECRET-KEY-1X');
  await writeFile(pgp as string, '-----BEGIN PGP PRIVATE KEY BLOCK-----');
  const found = await keysFromFiles({ ageKeyFile: [plain as string, age as string], pgpKeyFile: [pgp as string] });
  assert.deepEqual([...found.keys()], [`${plain}.agekey`, age, pgp]);
});
