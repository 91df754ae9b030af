import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { dataFromFiles } from './substitute-files.ts';

async function fileWith(t: TestContext, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'substitute-files-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'values.yaml');
  await writeFile(file, text);
  return file;
}

const values = `
apiVersion: v1
kind: ConfigMap
metadata: {name: web}
data: {REPLICAS: "3"}
---
apiVersion: v1
kind: Secret
metadata: {name: web}
data: {USER: YWRtaW4=, PASSWORD: b2xk}
stringData: {PASSWORD: new}
`;

test('ConfigMaps and Secrets are found by kind and name, as the API server would keep them', async (t) => {
  const read = await dataFromFiles([await fileWith(t, values)]);
  assert.deepEqual(await read('ConfigMap', 'web'), { REPLICAS: '3' });
  assert.deepEqual(await read('Secret', 'web'), { USER: 'admin', PASSWORD: 'new' });
  assert.equal(await read('Secret', 'other'), undefined);
});

test('a later file counts', async (t) => {
  const later = await fileWith(t, 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {REPLICAS: "5"}\n');
  const read = await dataFromFiles([await fileWith(t, values), later]);
  assert.deepEqual(await read('ConfigMap', 'web'), { REPLICAS: '5' });
});

const unfit: readonly (readonly [string, RegExp])[] = [
  ['apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n', /neither a ConfigMap nor a Secret/],
  ['apiVersion: v1\nkind: ConfigMap\n', /a ConfigMap without a metadata\.name/],
  ['apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {N: 31337}\n', /stringData\.N is no text/],
  ['apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: 31337\n', /data is not a mapping/],
  ['REPLICAS=31337\n', /no Kubernetes object/],
];

for (const [text, message] of unfit) {
  test(`unfit, and no value of it is shown: ${JSON.stringify(text)}`, async (t) => {
    await assert.rejects(dataFromFiles([await fileWith(t, text)]), (error: Error) => {
      assert.match(error.message, message);
      return !error.message.includes('31337');
    });
  });
}

test('a file that is not there is named, with its flag', async () => {
  await assert.rejects(
    dataFromFiles(['/no/such/file']),
    /^Error: --substitute-from \/no\/such\/file: .* does not exist$/,
  );
});
