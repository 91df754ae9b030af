import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { applySetId, inventoryName } from '../../src/main/inventory/names.ts';
import { type TestKey, testKeys } from '../conformance/sops/test-keys.ts';
import { folderWith, stagesetctl } from '../harness/stagesetctl.ts';
import { CANARY } from '../support/canary.ts';
import { newAgeKey, sealedSecret } from '../support/sealed-secret.ts';

// Without any cluster, and without a kubeconfig.

const stageSet = `apiVersion: stages.metio.wtf/v1
kind: StageSet
metadata:
  name: shop
spec:
  stages:
    - name: infra
      path: ./infra
      sourceRef: { name: infra }
    - name: web
      path: ./web
      sourceRef: { name: web }
      postBuild:
        substitute: { SIZE: "3" }
        substituteFrom: [{ kind: Secret, name: web }, { kind: ConfigMap, name: web, optional: true }]
`;

const widgets = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: widgets.example.org }
spec: { group: example.org, scope: Cluster, names: { kind: Widget, plural: widgets }, versions: [] }
`;

const web = `apiVersion: v1
kind: Service
metadata: { name: web }
spec: { ports: [{ port: 80 }], note: "yes", big: 12345678901234567890 }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: other }
data: { password: "\${PASSWORD}" }
---
apiVersion: example.org/v1
kind: Widget
metadata: { name: round }
size: \${SIZE}
`;

const shop = () =>
  folderWith({
    'set.yaml': stageSet,
    'checkout/infra/crd.yaml': widgets,
    'checkout/web/web.yaml': web,
    'values.yaml': `apiVersion: v1\nkind: Secret\nmetadata: { name: web }\nstringData: { PASSWORD: ${CANARY} }\n`,
  });

const memberOf = (stage: string) => applySetId(inventoryName('shop', stage, 0), 'default');
const labels = (stage: string) => `  labels:
    applyset.kubernetes.io/part-of: ${memberOf(stage)}
    stages.metio.wtf/name: shop
    stages.metio.wtf/namespace: default
    stages.metio.wtf/stage: ${stage}
`;

const renderedWeb = (password: string) => `---
apiVersion: v1
kind: Service
metadata:
${labels('web')}  name: web
  namespace: default
spec:
  big: 12345678901234567890
  note: "yes"
  ports:
  - port: 80
---
apiVersion: v1
data:
  password: ${password}
kind: ConfigMap
metadata:
${labels('web')}  name: settings
  namespace: other
---
apiVersion: example.org/v1
kind: Widget
metadata:
${labels('web')}  name: round
size: 3
`;

test('every stage from one folder: in order, masked, custom kinds in the scope that a CRD gives them', async () => {
  const cwd = await shop();
  const args = ['build', '-f', 'set.yaml', '--source-dir', 'checkout', '--substitute-from', 'values.yaml'];
  const { code, stdout, stderr } = await stagesetctl(args, { cwd });
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.match(stdout, /^---\napiVersion: apiextensions\.k8s\.io\/v1\nkind: CustomResourceDefinition\n/);
  assert.ok(stdout.endsWith(renderedWeb("'***'")), stdout);
});

test('one stage, with its secrets, knows the CRDs of the stages before it', async () => {
  const cwd = await shop();
  const args = ['build', '-f', '-', '--stage', 'web', '--source-dir=infra=./checkout', '--source-dir=web=checkout'];
  const { stdout } = await stagesetctl([...args, '--substitute-from', 'values.yaml', '--show-secrets=true'], {
    cwd,
    input: stageSet,
  });
  assert.equal(stdout, renderedWeb(CANARY));
});

test('JSON is one object a line, to the digit', async () => {
  const cwd = await shop();
  const args = ['build', '-f', 'set.yaml', '--stage', 'web', '--source-dir', 'checkout', '-n', 'team', '-o', 'json'];
  const { stdout } = await stagesetctl([...args, '--substitute-from', 'values.yaml'], { cwd });
  const lines = stdout.trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).metadata.namespace),
    ['team', 'other', undefined],
  );
  assert.match(lines[0]!, /"big":12345678901234567890/);
});

test('a file that sops wrote builds in clear with the key at hand: age, PGP, and where sops looks', async () => {
  const written: readonly { readonly name: string; readonly encrypted: string }[] = JSON.parse(
    readFileSync(new URL('../conformance/sops/testdata/cases.json', import.meta.url), 'utf8'),
  );
  const encrypted = (name: string) => written.find((each) => each.name === name)!.encrypted;
  const secretOf = (name: TestKey['name']) => testKeys().find((key) => key.name === name)!.secret;
  const generator = (name: string) =>
    `configMapGenerator: [{ name: ${name}, files: [a.yaml] }]\ngeneratorOptions: { disableNameSuffixHash: true }\n`;
  const cwd = await folderWith({
    'set.yaml': `apiVersion: stages.metio.wtf/v1
kind: StageSet
metadata: { name: shop }
spec:
  decryption: { provider: sops, secretRef: { name: keys } }
  stages: [{ name: age, path: age, sourceRef: { name: x } }, { name: pgp, path: pgp, sourceRef: { name: x } }]
`,
    'out/age/kustomization.yaml': generator('age'),
    'out/age/a.yaml': encrypted('for age'),
    'out/pgp/kustomization.yaml': generator('pgp'),
    'out/pgp/a.yaml': encrypted('for RSA'),
    'age.txt': `# made for tests\n${secretOf('age')}\n`,
    'pgp.asc': secretOf('RSA'),
  });
  const build = (args: readonly string[], env = {}) =>
    stagesetctl(['build', '-f', 'set.yaml', '--source-dir', 'out', ...args], { cwd, env });

  const all = await build(['--age-key-file=age.txt', '--pgp-key-file=pgp.asc', '--show-secrets']);
  assert.equal(all.stderr, '');
  assert.equal(all.stdout.split('  a.yaml: |\n    a: b\n').length, 3, all.stdout);
  const masked = await build(['--stage=age'], { SOPS_AGE_KEY_FILE: join(cwd, 'age.txt') });
  assert.match(masked.stdout, /^ {2}a\.yaml: '\*\*\*'$/m);
  const keyless = await build(['--stage=age']);
  assert.equal(keyless.code, 3);
  assert.match(keyless.stderr, /"age\/a\.yaml" cannot be decrypted: .*: give the key with --age-key-file or/);
});

test('nothing secret is printed, whatever goes wrong', async () => {
  const key = await newAgeKey();
  const cwd = await folderWith({
    'set.yaml': stageSet.replace('spec:\n', 'spec:\n  decryption: { provider: sops }\n'),
    'out/infra/s.json': await sealedSecret(key, 'db', { password: CANARY }),
    'out/web/bad.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { a: \${PASSWORD}: b }\n`,
    'values.yaml': `apiVersion: v1\nkind: Secret\nmetadata: { name: web }\nstringData: { PASSWORD: ${CANARY} }\n`,
    'keys.txt': key.identity,
  });
  const args = ['build', '-f', 'set.yaml', '--source-dir=out', '--age-key-file=keys.txt'];
  const failed = await stagesetctl([...args, '--substitute-from=values.yaml'], { cwd });
  assert.equal(failed.code, 3);
  const shown = await stagesetctl([...args, '--stage=infra'], { cwd });
  assert.match(shown.stdout, /password: '\*\*\*'/);
  for (const { stdout, stderr } of [failed, shown]) {
    assert.ok(!`${stdout}${stderr}`.includes(CANARY) && !`${stdout}${stderr}`.includes(key.identity));
  }
});

test('a Secret’s value shows neither as the name of a field nor on the Secret that it went into', async () => {
  const reference = '$' + '{PASSWORD}';
  const cwd = await folderWith({
    'stageset.yaml': stageSet,
    'out/web/a.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata:\n  a: "1"\n  ${reference}: "2"\n`,
    'out/web/b.yaml': `apiVersion: v1
kind: Secret
metadata: { name: b, labels: { app: "${reference}" }, annotations: { note: "${reference}" } }
type: Opaque
stringData: { password: x }
`,
    'values.yaml': `apiVersion: v1\nkind: Secret\nmetadata: { name: web }\nstringData: { PASSWORD: ${CANARY} }\n`,
  });
  const args = ['build', '-fstageset.yaml', '--stage=web', '--source-dir=out', '--substitute-from=values.yaml'];
  const { stdout, stderr } = await stagesetctl(args, { cwd });
  assert.equal(stderr, '');
  assert.match(stdout, /data:\n {2}'\*\*\*': '\*\*\*'\n {2}'\*\*\* 2': '\*\*\*'\n/);
  assert.match(stdout, /annotations:\n {4}note: '\*\*\*'\n {2}labels:\n {4}app: '\*\*\*'\n/);
  assert.match(stdout, /stringData:\n {2}password: '\*\*\*'\ntype: Opaque\n/);
  assert.ok(!stdout.includes(CANARY));
});

test('a folder is built as kustomize does it, bases above it too, with Secrets masked', async () => {
  const cwd = await folderWith({
    'base/kustomization.yaml': 'resources: [a.yaml]\nsecretGenerator: [{ name: s, literals: [a=b] }]\n',
    'base/a.yaml': 'kind: ConfigMap\napiVersion: v1\nmetadata: { name: a }\n',
    'overlay/kustomization.yaml': 'resources: [../base]\nnamePrefix: p-\n',
  });
  const expected = (value: string) => `apiVersion: v1
kind: ConfigMap
metadata:
  name: p-a
---
apiVersion: v1
data:
  a: ${value}
kind: Secret
metadata:
  name: p-s-k695gkmbtk
type: Opaque
`;
  assert.equal((await stagesetctl(['build', './overlay'], { cwd })).stdout, expected("'***'"));
  const overlay = join(cwd, 'overlay');
  assert.equal((await stagesetctl(['build', '.', '--show-secrets'], { cwd: overlay })).stdout, expected('Yg=='));
});

interface Mistake {
  readonly args: readonly string[];
  readonly code: 2 | 3;
  readonly says: RegExp;
}

const mistakes: readonly Mistake[] = [
  { args: [], code: 2, says: /^stagesetctl: nothing to build: give the name of a StageSet, a folder such as/ },
  { args: ['web', '-f', 'set.yaml'], code: 2, says: /"web" and -f set\.yaml both say what to build/ },
  { args: ['--shwo-secrets', '.'], code: 2, says: /unknown option '--shwo-secrets'.*: see --help$/ },
  { args: ['-o', 'table', '.'], code: 2, says: /'table' is invalid/ },
  { args: ['a', 'b'], code: 2, says: /too many arguments/ },
  {
    args: ['-f', 'set.yaml', '--source-dir', 'web=checkout'],
    code: 2,
    says: /the stage "infra" has no folder: give --/,
  },
  { args: ['-f', 'set.yaml', '--stage', 'wbe', '--source-dir', 'checkout'], code: 2, says: /only: infra, web$/ },
  { args: ['web'], code: 3, says: /no cluster to talk to: no --kubeconfig, no KUBECONFIG/ },
  {
    args: ['web', '--server', 'https://127.0.0.1:1'],
    code: 3,
    says: /connection refused: choose another cluster with/,
  },
  { args: ['checkout'], code: 3, says: /no cluster to talk to: .*; if you mean the folder, say \.\/checkout$/ },
  { args: ['./none'], code: 3, says: /cannot read the folder "\.\/none": it does not exist/ },
  { args: ['./set.yaml'], code: 3, says: /"\.\/set\.yaml" is a file, not a folder/ },
  { args: ['./checkout'], code: 3, says: /"checkout" has no kustomization\.yaml/ },
  { args: ['-f', 'none.yaml'], code: 3, says: /-f none\.yaml: cannot be read: it does not exist/ },
  { args: ['-f', 'values.yaml'], code: 3, says: /-f values\.yaml: holds no StageSet/ },
  { args: ['-f', 'two.yaml'], code: 3, says: /holds 2 StageSets \(shop, shop\)/ },
  {
    args: ['-f', 'wrong.yaml', '--source-dir', 'checkout'],
    code: 3,
    says: /not valid: spec\.stages\[0\]\.name: must be/,
  },
  {
    args: ['-f', 'set.yaml', '--source-dir', 'checkout'],
    code: 3,
    says: /stage "web" failed: build: .*Secret default\/web is not at hand: give a file that holds it with --substitute-/,
  },
  {
    args: ['-f', 'set.yaml', '--source-dir', 'checkout', '--age-key-file', 'values.yaml'],
    code: 3,
    says: /--age-key-file values\.yaml: holds no age identity: give what age-keygen wrote/,
  },
  {
    args: ['-f', 'set.yaml', '--source-dir', 'checkout', '--pgp-key-file', 'values.yaml'],
    code: 3,
    says: /--pgp-key-file values\.yaml: holds no armored private key/,
  },
];

test('a mistake is one line that says what to do, usage 2, the rest 3, and prints nothing', async () => {
  const cwd = await shop();
  const wrong = stageSet.replace('name: infra', 'name: In_fra');
  const files = await folderWith({ 'two.yaml': `${stageSet}---\n${stageSet}`, 'wrong.yaml': wrong });
  for (const { args, code, says } of mistakes) {
    const placed = args.map((arg) => (arg === 'two.yaml' || arg === 'wrong.yaml' ? join(files, arg) : arg));
    const ended = await stagesetctl(['build', ...placed], { cwd });
    assert.deepEqual({ code: ended.code, stdout: ended.stdout }, { code, stdout: '' }, args.join(' '));
    assert.match(ended.stderr.trimEnd(), says);
    assert.equal(ended.stderr.trimEnd().split('\n').length, 1, ended.stderr);
  }
});

test('a StageSet in another namespace than asked for is a contradiction', async () => {
  const cwd = await folderWith({ 'set.yaml': stageSet.replace('name: shop', 'name: shop\n  namespace: team') });
  const { code, stderr } = await stagesetctl(['build', '-f', 'set.yaml', '-n', 'other'], { cwd });
  assert.equal(code, 2);
  assert.match(stderr, /-n other contradicts set\.yaml, whose StageSet is in the namespace "team"/);
});

test('a field that no StageSet has is told, and the build goes on', async () => {
  const cwd = await shop();
  const typo = stageSet.replace('path: ./infra', 'path: ./infra\n      prun: false');
  const args = ['build', '-f', '-', '--stage', 'infra', '--source-dir', 'checkout'];
  const { code, stdout, stderr } = await stagesetctl(args, { cwd, input: typo });
  assert.deepEqual([code, stdout.slice(0, 4)], [0, '---\n']);
  assert.equal(stderr, 'stagesetctl: warning: -f -: spec.stages[0].prun is no field of a StageSet and has no effect\n');
});

test('output that cannot be written is an error of one line', async () => {
  const folder = await folderWith({ 'kustomization.yaml': 'configMapGenerator: [{name: a, literals: [b=c]}]\n' });
  const program = join(import.meta.dirname, '..', '..', 'bin', 'stagesetctl');
  const full = spawnSync('sh', ['-c', '"$0" build ./ > /dev/full', program], { cwd: folder, encoding: 'utf8' });
  assert.equal(full.status, 3);
  assert.match(full.stderr, /^stagesetctl: cannot write the output: .*no space left on device.*\n$/);
});
