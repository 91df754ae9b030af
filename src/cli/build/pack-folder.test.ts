import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openFileMap } from '../../shared/protocol/file-map.ts';
import { packFolder } from './pack-folder.ts';

async function folderWith(t: TestContext, files: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pack-folder-'));
  t.after(() => rm(folder, { recursive: true }));
  for (const path of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), `content of ${path}`);
  }
  return folder;
}

async function packed(folder: string): Promise<Readonly<Record<string, string>>> {
  const files = openFileMap(await packFolder(folder));
  return Object.fromEntries(files.paths().map((path) => [path, Buffer.from(files.read(path) ?? '').toString()]));
}

test('a folder holds what an artifact of it would', async (t) => {
  const folder = await folderWith(t, [
    'a.yaml',
    'sub/b.yaml',
    'sub/.sops.yaml',
    '.git/config',
    'sub/.github/workflows/ci.yaml',
    '.gitignore',
    '.dockerignore',
  ]);
  assert.deepEqual(Object.keys(await packed(folder)), ['.dockerignore', 'a.yaml', 'sub/b.yaml']);
});

test('a link counts as the file that it leads to within the folder, any other is left out', async (t) => {
  const folder = await folderWith(t, ['a.yaml', 'sub/b.yaml']);
  const other = await folderWith(t, ['secret']);
  await symlink('../a.yaml', join(folder, 'sub', 'in.yaml'));
  await symlink(join(other, 'secret'), join(folder, 'out.yaml'));
  await symlink('sub', join(folder, 'folder'));
  await symlink('nowhere', join(folder, 'dangling'));
  const files = await packed(folder);
  assert.deepEqual(Object.keys(files), ['a.yaml', 'sub/b.yaml', 'sub/in.yaml']);
  assert.equal(files['sub/in.yaml'], 'content of a.yaml');
});

test('a folder that is a link itself is the one it leads to', async (t) => {
  const folder = await folderWith(t, ['real/a.yaml']);
  await symlink('real', join(folder, 'link'));
  assert.deepEqual(Object.keys(await packed(join(folder, 'link'))), ['a.yaml']);
});

test('what is no folder, or too large, is said by name', async (t) => {
  const folder = await folderWith(t, ['a.yaml', 'sub/large']);
  await assert.rejects(packFolder(join(folder, 'none')), /none": it does not exist/);
  await assert.rejects(packFolder(join(folder, 'a.yaml')), /a\.yaml" is a file, not a folder/);
  await truncate(join(folder, 'sub', 'large'), 17 * 2 ** 20);
  await assert.rejects(packFolder(folder), /"sub\/large" is larger than an artifact's file may be, 16 MiB/);
});
