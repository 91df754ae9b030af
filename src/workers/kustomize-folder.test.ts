import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { neverCancelled } from '../../test/support/cancel-flag.ts';
import { kustomizeFolder } from './kustomize-folder.ts';

async function folderWith(t: TestContext, files: Readonly<Record<string, string>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'kustomize-folder-'));
  t.after(() => rm(root, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

const configMap = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n';
const built = (folder: string) =>
  kustomizeFolder(folder, neverCancelled()).map(({ object }) => ({ ...(object.data as object) }));

test('a link out of the folder is not followed, whatever names it', async (t) => {
  const root = await folderWith(t, {
    'key.txt': 'hidden',
    'object.yaml': configMap,
    'app/generated/kustomization.yaml': 'configMapGenerator: [{name: a, files: [key]}]',
    'app/read/kustomization.yaml': 'resources: [key]',
    'app/patched/kustomization.yaml': 'patches: [{path: key}]',
  });
  for (const [folder, file] of [
    ['generated', 'key.txt'],
    ['read', 'object.yaml'],
    ['patched', 'object.yaml'],
  ] as const) {
    await symlink(`../../${file}`, join(root, 'app', folder, 'key'));
    assert.throws(() => built(join(root, 'app', folder)), /"key" links to what is not in or below ".*"/);
  }
});

test('a link within the folder is followed, and one to a base, which then reads what lies beside it', async (t) => {
  const root = await folderWith(t, {
    'base/kustomization.yaml': 'configMapGenerator: [{name: a, files: [own.txt]}]',
    'base/own.txt': 'a',
    'app/kustomization.yaml': 'resources: [linked]\nconfigMapGenerator: [{name: b, files: [b.txt]}]',
    'app/below/b.txt': 'b',
  });
  await symlink('../base', join(root, 'app/linked'));
  await symlink('below/b.txt', join(root, 'app/b.txt'));
  assert.deepEqual(built(join(root, 'app')), [{ 'own.txt': 'a' }, { 'b.txt': 'b' }]);
});
