import assert from 'node:assert/strict';
import { test } from 'node:test';
import { folderWith, stagesetctl } from '../harness/stagesetctl.ts';
import { CANARY } from '../support/canary.ts';
import { newAgeKey, sealedSecret } from '../support/sealed-secret.ts';

// Without any cluster, and without a kubeconfig.

const stageSet = `apiVersion: stages.metio.wtf/v1
kind: StageSet
metadata: { name: shop, namespace: shop }
spec:
  decryption: { provider: sops }
  stages:
    - name: db
      path: ./db
      sourceRef: { name: db }
    - name: web
      path: ./web
      prune: false
      sourceRef: { name: web }
      actions: { post: [{ name: smoke, http: { url: https://web.example.com/healthz } }] }
      postBuild: { substituteFrom: [{ kind: Secret, name: web }] }
`;

const key = await newAgeKey();

const map = (name: string, data: Readonly<Record<string, string>>) =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });
const secret = (stringData: Readonly<Record<string, string>>) =>
  JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'web' }, stringData });
const password = '$' + '{PASSWORD}';

const args = ['diff', '--from', 'old', '--to', 'new', '-f', 'set.yaml', '--age-key-file', 'key.txt'];
const values = ['--substitute-from', 'values.yaml'];

async function checkouts(
  old: Readonly<Record<string, string>>,
  next: Readonly<Record<string, string>>,
): Promise<{ readonly cwd: string }> {
  const within = (folder: string, files: Readonly<Record<string, string>>) =>
    Object.entries({ 'db/same.json': map('same', {}), 'web/same.json': map('same-too', {}), ...files }).map(
      ([path, text]) => [`${folder}/${path}`, text] as const,
    );
  const cwd = await folderWith({
    'set.yaml': stageSet,
    'key.txt': key.identity,
    'values.yaml': secret({ PASSWORD: CANARY }),
    ...Object.fromEntries([...within('old', old), ...within('new', next)]),
  });
  return { cwd };
}

test('two checkouts that render the same: nothing, and 0', async () => {
  const here = await checkouts({ 'web/a.json': map('a', { x: '1' }) }, { 'web/b.json': map('a', { x: '1' }) });
  assert.deepEqual(await stagesetctl([...args, ...values], here), { code: 0, stdout: '', stderr: '' });
});

test('what came, changed and went, with the actions that follow; a stage that does not prune loses nothing', async () => {
  const here = await checkouts(
    { 'db/old.json': map('old', {}), 'web/kept.json': map('kept', {}), 'web/a.json': map('a', { x: '1' }) },
    { 'web/a.json': map('a', { x: '2' }), 'web/new.json': map('new', {}) },
  );
  const { code, stdout, stderr } = await stagesetctl([...args, ...values], here);
  assert.deepEqual([code, stderr], [1, '']);
  assert.equal(
    stdout,
    `--- from
+++ to
@@ ConfigMap shop/a @@
 data:
-  x: "1"
+  x: "2"
@@ ConfigMap shop/new (created) @@
+apiVersion: v1
+data: {}
+kind: ConfigMap
+metadata:
+  name: new
+  namespace: shop

- ConfigMap shop/old (pruned: rendered no more)

Actions to run:
  web:
    post smoke http https://web.example.com/healthz
`,
  );
  const db = await stagesetctl([...args, ...values, '--stage', 'db'], here);
  assert.equal(db.stdout, '- ConfigMap shop/old (pruned: rendered no more)\n');
});

test('one folder for a stage, another for the rest', async () => {
  const here = await checkouts({}, { 'web/a.json': map('a', {}) });
  const mixed = args.with(2, 'old').concat('--to', 'web=old', ...values);
  assert.deepEqual(await stagesetctl(mixed, here), { code: 0, stdout: '', stderr: '' });
});

test('a folder that is missing, or names no stage, is said by its flag', async () => {
  const here = await checkouts({}, {});
  const partial = await stagesetctl([...args.with(4, 'db=new'), ...values], here);
  assert.deepEqual([partial.code, partial.stdout], [2, '']);
  assert.match(partial.stderr, /stage "web" has no folder: give --to web=DIR/);
  const unknown = await stagesetctl([...args.with(2, 'nowhere=old'), ...values], here);
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /--from names a stage "nowhere"/);
});

test('a StageSet from standard input renders both', async () => {
  const here = await checkouts({ 'db/a.json': map('a', { x: '1' }) }, { 'db/a.json': map('a', { x: '2' }) });
  const { code, stderr } = await stagesetctl([...args.with(6, '-'), ...values], { ...here, input: stageSet });
  assert.deepEqual([code, stderr], [1, '']);
});

test('whatever is secret is a number: decrypted, substituted, as a value and as the name of a field', async () => {
  const here = await checkouts(
    {
      'db/s.json': await sealedSecret(key, 'db', { password: `${CANARY}-1`, same: CANARY }),
      'web/s.json': secret({ a: `${CANARY}-2` }),
      'web/url.json': map('url', { url: password }),
      'web/named.json': map('named', { [password]: '1' }),
    },
    {
      'db/s.json': await sealedSecret(key, 'db', { password: `${CANARY}-3`, same: CANARY }),
      'web/s.json': secret({ a: `${CANARY}-4`, b: password }),
      'web/url.json': map('url', { url: `x${password}` }),
      'web/named.json': map('named', { plain: '1' }),
      'web/more.json': map('more', { [password]: password }),
    },
  );
  for (const format of [[], ['-o', 'markdown'], ['-o', 'json'], ['-o', 'yaml'], ['--color', 'always']]) {
    const { code, stdout, stderr } = await stagesetctl([...args, ...values, ...format], here);
    assert.deepEqual([code, stderr], [1, '']);
    assert.ok(!stdout.includes(CANARY), stdout);
    assert.match(stdout, /\*\*\* \(1\)/);
  }
  const { stdout } = await stagesetctl([...args, ...values], here);
  assert.match(
    stdout,
    /@@ Secret shop\/db @@\n stringData:\n- {2}password: '\*\*\* \(\d+\)'\n\+ {2}password: '\*\*\* \(\d+\)'\n@@/,
  );
});
