import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { exampleFolders, readExample } from './example.ts';

const stageSet = 'apiVersion: stages.metio.wtf/v1\nkind: StageSet\nmetadata: {name: shop, namespace: shop}\n';

test('an example is its StageSet and a source for each folder, without what editors leave behind', async (t) => {
  const parent = await folderWith(t, {
    'shop/stageset.yaml': stageSet,
    'shop/manifests/app/web.yaml': 'web',
    'shop/manifests/app/.web.yaml.swp': 'scratch',
    'shop/manifests/app/web.yaml~': 'scratch',
    'shop/manifests/top.yaml': 'top',
    'shop/charts/a.yaml': 'a',
    'shop/.git/config': 'scratch',
    'notes/readme.md': 'no example',
  });
  const folders = await exampleFolders(parent);
  assert.deepEqual(folders, [join(parent, 'shop')]);
  const example = await readExample(join(parent, 'shop'));
  assert.equal(example.stageSet.metadata.name, 'shop');
  const texts = [...example.sources].map(([source, files]) => [
    source,
    Object.fromEntries(Object.entries(files).map(([path, content]) => [path, content.toString()])),
  ]);
  assert.deepEqual(Object.fromEntries(texts), {
    manifests: { 'app/web.yaml': 'web', 'top.yaml': 'top' },
    charts: { 'a.yaml': 'a' },
  });
});

test('a file that is no StageSet is refused by name', async (t) => {
  const rows: readonly [text: string, message: RegExp][] = [
    ['', /^Error: stageset\.yaml holds no StageSet with a name$/],
    ['kind: StageSet', /^Error: stageset\.yaml holds no StageSet with a name$/],
    ['kind: ConfigMap\nmetadata: {name: a}', /^Error: stageset\.yaml holds no StageSet with a name$/],
    ['kind: [', /in "stageset\.yaml"/],
  ];
  for (const [text, message] of rows) {
    const folder = await folderWith(t, { 'stageset.yaml': text });
    await assert.rejects(readExample(folder), message);
  }
});

async function folderWith(t: TestContext, files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'example-'));
  t.after(() => rm(folder, { recursive: true }));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}
