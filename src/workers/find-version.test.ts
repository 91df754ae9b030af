import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BuildWishes } from '../../test/support/build-input.ts';
import { buildInput, planIn } from '../../test/support/build-input.ts';
import { neverCancelled } from '../../test/support/cancel-flag.ts';
import type { VersionFound, VersionPlace } from '../shared/protocol/tasks.ts';
import { build } from './build.ts';

type Files = Readonly<Record<string, string | Uint8Array>>;

const byLabel = "{.metadata.labels['app\\.kubernetes\\.io/version']}";
const inWeb: VersionPlace = { in: 'object', kind: 'Deployment', name: 'web', fieldPath: byLabel };
const inMeta: VersionPlace = { in: 'object', kind: 'ConfigMap', name: 'meta', fieldPath: '{.data.version}' };
const inFile: VersionPlace = { in: 'file', path: 'release/VERSION' };

const deployment = (version: string, rest = '', apiVersion = 'apps/v1') =>
  `apiVersion: ${apiVersion}\nkind: Deployment\nmetadata:\n  name: web\n  labels: {app.kubernetes.io/version: ${version}}\n${rest}`;
const meta = (data: string, kind = 'ConfigMap') =>
  `apiVersion: v1\nkind: ${kind}\nmetadata: {name: meta}\n${kind === 'Secret' ? 'stringData' : 'data'}: ${data}\n`;
const other = meta('{}').replace('name: meta', 'name: other');

async function found(files: Files, version: VersionPlace, wishes: BuildWishes = {}): Promise<VersionFound | undefined> {
  const input = buildInput(files, { ...wishes, stage: { ...wishes.stage, version } });
  return planIn(await build(input, neverCancelled())).version;
}

const told = (version: string): VersionFound => ({ ok: true, version });

async function assertProblem(found: Promise<VersionFound | undefined>, why: RegExp): Promise<void> {
  const answer = await found;
  assert.ok(answer !== undefined && !answer.ok, JSON.stringify(answer));
  assert.match(answer.problem, why);
}

test('the label of an object', async () => {
  assert.deepEqual(await found({ 'a.yaml': deployment('2.1.0') }, inWeb), told('2.1.0'));
  assert.deepEqual(await found({ 'a.yaml': deployment('v2.1.0-rc.1+7') }, inWeb), told('2.1.0-rc.1'));
  await assertProblem(found({ 'a.yaml': deployment('""') }, inWeb), /Deployment team\/web: is empty/);
  await assertProblem(found({ 'a.yaml': deployment('latest') }, inWeb), /is no semantic version: "latest"/);
  const bare = deployment('1').replace(/ {2}labels.*\n/, '');
  await assertProblem(found({ 'a.yaml': bare }, inWeb), /app\.kubernetes\.io\/version is not found/);
});

test('another field of an object', async () => {
  assert.deepEqual(await found({ 'a.yaml': meta('{version: " 2.1.0 "}') }, inMeta), told('2.1.0'));
  const put = { ...inMeta, fieldPath: '{.data.major}.0.{.data.patch}' } as const;
  assert.deepEqual(await found({ 'a.yaml': meta('{major: "3", patch: "7"}') }, put), told('3.0.7'));
  await assertProblem(
    found({ 'a.yaml': meta('{}') }, inMeta),
    /\{\.data\.version\} of ConfigMap team\/meta: version is not found/,
  );
});

test('the object is as it will be applied', async () => {
  const patches = [
    { patch: '[{"op": "replace", "path": "/data/version", "value": "3.0.0"}]', target: { kind: 'ConfigMap' } },
  ];
  const files = { 'a.yaml': meta('{version: 2.0.0}') };
  assert.deepEqual(await found(files, inMeta, { stage: { patches } }), told('3.0.0'));
  const variables = [{ name: 'VERSION', value: '4.0.0', secret: false }];
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what the manifest holds
  assert.deepEqual(await found({ 'a.yaml': meta('{version: "${VERSION}"}') }, inMeta, { variables }), told('4.0.0'));
  const hook = deployment('5.0.0').replace('  labels', '  annotations: {helm.sh/hook: test}\n  labels');
  await assertProblem(
    found({ 'a.yaml': hook, 'b.yaml': other }, inWeb, { stage: { applyHelmHookResources: false } }),
    /renders no Deployment "web"/,
  );
});

test('which object is meant', async () => {
  await assertProblem(found({ 'a.yaml': meta('{}') }, inWeb), /^the stage renders no Deployment "web"$/);
  const elsewhere = deployment('2.0.0').replace('name: web', 'name: web\n  namespace: elsewhere');
  const both = { 'a.yaml': deployment('2.0.0'), 'b.yaml': elsewhere };
  assert.deepEqual(await found(both, inWeb), told('2.0.0'));
  const differing = { 'a.yaml': deployment('2.0.0'), 'b.yaml': elsewhere.replace('2.0.0', '2.0.1') };
  await assertProblem(found(differing, inWeb), /2 objects Deployment "web", which differ/);
  const groups = { 'a.yaml': deployment('2.0.0'), 'b.yaml': deployment('9.0.0', '', 'example.com/v1') };
  assert.deepEqual(await found(groups, { ...inWeb, apiVersion: 'apps/v1' }), told('2.0.0'));
  await assertProblem(
    found({ 'a.yaml': deployment('2.0.0') }, { ...inWeb, apiVersion: 'apps/v2' }),
    /no apps\/v2 Deployment "web"/,
  );
});

test('a secret is not quoted, and neither is what a file holds', async () => {
  const inSecret = { ...inMeta, kind: 'Secret', fieldPath: '{.stringData.version}' } as const;
  assert.deepEqual(await found({ 'a.yaml': meta('{version: 2.0.0}', 'Secret') }, inSecret), told('2.0.0'));
  const variables = [{ name: 'V', value: 'hunter2', secret: true }];
  const answers = [
    found({ 'a.yaml': meta('{version: hunter2}', 'Secret') }, inSecret),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what the manifest holds
    found({ 'a.yaml': meta('{version: "${V}"}') }, inMeta, { variables }),
    found({ 'a.yaml': other, 'release/VERSION': 'hunter2' }, inFile),
  ];
  for (const answer of await Promise.all(answers)) {
    assert.ok(answer !== undefined && !answer.ok && !answer.problem.includes('hunter2'), JSON.stringify(answer));
  }
});

test('a file of the artifact, outside of what the stage renders too', async () => {
  const files = (text: string | Uint8Array) => ({ 'app/a.yaml': other, 'release/VERSION': text });
  const stage = { path: 'app' };
  assert.deepEqual(await found(files('\ufeffv2.1.0\r\n\n'), inFile, { stage }), told('2.1.0'));
  assert.deepEqual(await found(files(`2.1.0${' '.repeat(1019)}`), inFile, { stage }), told('2.1.0'));
  await assertProblem(found(files(`2.1.0${' '.repeat(1020)}`), inFile, { stage }), /"release\/VERSION" is over 1 KiB/);
  await assertProblem(found(files(' \n'), inFile, { stage }), /is empty/);
  await assertProblem(found(files('2.1.0\n2.2.0\n'), inFile, { stage }), /holds no semantic version/);
  await assertProblem(found(files(Buffer.from([0xff, 0xfe, 0])), inFile, { stage }), /holds no semantic version/);
  await assertProblem(found({ 'a.yaml': other }, inFile), /"release\/VERSION" is not in the artifact/);
  await assertProblem(found({ 'a.yaml': other, 'release/VERSION/x': '1.0.0' }, inFile), /is not in the artifact/);
});

test('an encrypted file needs decryption, as any other that the build reads', async () => {
  const sealed = '{"data": "ENC[AES256_GCM,data:x,iv:x,tag:x,type:str]", "sops": {"mac": "x", "version": "3.9.0"}}';
  await assert.rejects(found({ 'a.yaml': other, 'release/VERSION': sealed }, inFile), /encrypted with SOPS/);
});

test('a build that reads a version is unchanged only while that is', async () => {
  const answerTo = async (files: Files, previous?: Files) => {
    const input = (of: Files) => buildInput(of, { stage: { path: 'app', version: inFile } });
    const first = await build(input(previous ?? files), neverCancelled());
    assert.ok(first.is === 'built');
    return (await build({ ...input(files), lastReads: first.reads }, neverCancelled())).is;
  };
  const files = { 'app/a.yaml': other, 'release/VERSION': '1.0.0' };
  assert.equal(await answerTo({ ...files, 'release/NOTES': 'x' }, files), 'unchanged');
  assert.equal(await answerTo({ ...files, 'release/VERSION': '1.0.1' }, files), 'built');
  assert.equal(await answerTo({ 'app/a.yaml': other }, files), 'built');
  assert.equal(await answerTo(files, { 'app/a.yaml': other }), 'built');
});
