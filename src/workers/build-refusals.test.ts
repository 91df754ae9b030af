import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BuildWishes, buildInput } from '../../test/support/build-input.ts';
import { neverCancelled } from '../../test/support/cancel-flag.ts';
import { TaskError } from '../shared/protocol/task-error.ts';
import { build } from './build.ts';

type Files = Readonly<Record<string, string | Uint8Array>>;

async function refusal(files: Files, wishes?: BuildWishes): Promise<{ code: string; message: string }> {
  try {
    await build(buildInput(files, wishes), neverCancelled());
  } catch (error) {
    assert.ok(error instanceof TaskError, String(error));
    return { code: error.code, message: error.message };
  }
  throw new assert.AssertionError({ message: 'was built' });
}

const object = (kind: string, name: string, rest = '', apiVersion = 'v1') =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${name}\n${rest}`;
const configMap = (name: string, rest = '') => object('ConfigMap', name, rest);

const inNamespace = (kind: string, apiVersion: string) =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: x, namespace: other}\n`;

const refused: readonly {
  readonly name: string;
  readonly files: Files;
  readonly wishes?: BuildWishes;
  readonly code: string;
  readonly message: string | RegExp;
}[] = [
  {
    name: 'a path that leaves',
    files: { 'a.yaml': '' },
    wishes: { stage: { path: '../x' } },
    code: 'pathEscape',
    message: 'path "../x" leaves the artifact',
  },
  {
    name: 'an absolute path',
    files: { 'a.yaml': '' },
    wishes: { stage: { path: '/etc' } },
    code: 'pathEscape',
    message: 'path "/etc" leaves the artifact',
  },
  {
    name: 'a missing path',
    files: { 'a.yaml': '' },
    wishes: { stage: { path: './gone' } },
    code: 'missingPath',
    message: 'path "./gone" does not exist in the artifact',
  },
  {
    name: 'a file as path',
    files: { 'a.yaml': '' },
    wishes: { stage: { path: 'a.yaml' } },
    code: 'missingPath',
    message: 'path "a.yaml" is a file, not a directory, in the artifact',
  },
  {
    name: 'a path without a manifest',
    files: { 'd/README.md': '' },
    wishes: { stage: { path: 'd' } },
    code: 'missingPath',
    message: 'path "d" holds no manifest (.yaml, .yml or .json)',
  },
  {
    name: 'an empty artifact',
    files: {},
    code: 'missingPath',
    message: 'path "./" holds no manifest (.yaml, .yml or .json)',
  },
  {
    name: 'an unknown field in a base',
    files: { 'a.yaml': configMap('a'), 'd/Kustomization': 'frobnicate: 1\n' },
    code: 'badManifest',
    message: '"d/Kustomization": unknown field "frobnicate"',
  },
  {
    name: 'a remote base',
    files: { 'kustomization.yaml': 'resources: ["https://example.org/org/repo"]\n' },
    code: 'unsupported',
    message: '"https://example.org/org/repo" is remote, and only what is in the artifact is built',
  },
  {
    name: 'a function',
    files: {
      'kustomization.yaml': 'transformers: [t.yaml]\nresources: [a.yaml]\n',
      'a.yaml': configMap('a'),
      't.yaml': object('Frobnicator', 't', '', 'example.org/v1'),
    },
    code: 'unsupported',
    message: '"Frobnicator" in "t.yaml": only built-in plugins are run',
  },
  {
    name: 'Helm charts',
    files: { 'kustomization.yaml': 'helmCharts: [{name: x}]\n' },
    code: 'unsupported',
    message: '"kustomization.yaml": helmCharts: Helm charts are not inflated',
  },
  {
    name: 'a file outside of the artifact',
    files: { 'kustomization.yaml': 'configMapGenerator: [{name: g, files: [../x]}]\n' },
    code: 'pathEscape',
    message: '"../x" leaves the artifact',
  },
  {
    name: 'patches that fit nothing',
    files: { 'a.yaml': configMap('a') },
    wishes: { stage: { patches: [{ patch: configMap('b') }] } },
    code: 'badManifest',
    message: 'no object is ConfigMap b, which a patch is for',
  },
  {
    name: 'broken YAML',
    files: { 'd/a.yaml': 'a: b\nc: [\n' },
    code: 'badManifest',
    message: /^"d\/a.yaml": not valid YAML: line 3: unexpected end/,
  },
  {
    name: 'a field that a pass runs through and that is a text',
    files: {
      'a.yaml': JSON.stringify({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'a' },
        spec: { template: 'x' },
      }),
    },
    code: 'badManifest',
    message: /^"a.yaml": field spec\/template\/\S+: runs through what is neither a map nor a list$/,
  },
  {
    name: 'bytes that are no text',
    files: { 'a.yaml': Buffer.from([0x61, 0xff]) },
    code: 'badManifest',
    message: '"a.yaml" is not UTF-8',
  },
  {
    name: 'a document that is no object',
    files: { 'a.yaml': `${configMap('a')}---\n- a\n` },
    code: 'badManifest',
    message: '"a.yaml", document 2 is not a Kubernetes object',
  },
  { name: 'text', files: { 'a.yaml': 'hello\n' }, code: 'badManifest', message: '"a.yaml" is not a Kubernetes object' },
  {
    name: 'a workflow',
    files: { '.github/workflows/x.yaml': 'on: push\njobs: {}\n' },
    code: 'badManifest',
    message: '".github/workflows/x.yaml": kind is missing',
  },
  {
    name: 'items that are no list',
    files: { 'a.yaml': 'kind: List\nitems: {a: b}\n' },
    code: 'badManifest',
    message: '"a.yaml": "items" is not a list',
  },
  {
    name: 'a bad item',
    files: { 'a.yaml': 'apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: ConfigMap}]\n' },
    code: 'badManifest',
    message: '"a.yaml", item 1: metadata.name is missing',
  },
  {
    name: 'no kind',
    files: { 'a.yaml': 'apiVersion: v1\nmetadata: {name: a}\n' },
    code: 'badManifest',
    message: '"a.yaml": kind is missing',
  },
  {
    name: 'a kind that is no string',
    files: { 'a.yaml': 'apiVersion: v1\nkind: 12\nmetadata: {name: a}\n' },
    code: 'badManifest',
    message: '"a.yaml": kind is not a string: quote it',
  },
  {
    name: 'a kind with a slash',
    files: { 'a.yaml': object('Pod/exec', 'a') },
    code: 'badManifest',
    message: '"a.yaml": kind "Pod/exec" is not valid',
  },
  {
    name: 'an apiVersion that leads elsewhere',
    files: { 'a.yaml': object('Pod', 'a', '', '../../api/v1') },
    code: 'badManifest',
    message: '"a.yaml": apiVersion "../../api/v1" is not valid',
  },
  {
    name: 'no metadata',
    files: { 'a.yaml': 'apiVersion: v1\nkind: Pod\n' },
    code: 'badManifest',
    message: '"a.yaml": metadata.name is missing',
  },
  {
    name: 'a number as name',
    files: { 'a.yaml': object('Pod', '12') },
    code: 'badManifest',
    message: '"a.yaml": metadata.name is not a string: quote it',
  },
  {
    name: 'a name that leads elsewhere',
    files: { 'a.yaml': object('Pod', '../x') },
    code: 'badManifest',
    message: '"a.yaml": metadata.name "../x" is not valid',
  },
  {
    name: 'a bad namespace',
    files: { 'a.yaml': inNamespace('Pod', 'v1').replace('other', 'a/b') },
    code: 'badManifest',
    message: '"a.yaml": metadata.namespace "a/b" is not valid',
  },
  {
    name: 'generateName',
    files: { 'a.yaml': 'apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: x-}\n' },
    code: 'badManifest',
    message: '"a.yaml": it has metadata.generateName, which cannot be applied: give it a metadata.name',
  },
  {
    name: 'a number as label',
    files: { 'a.yaml': configMap('a').replace('name: a', 'name: a\n  labels: {a: 1}') },
    code: 'badManifest',
    message: '"a.yaml": metadata.labels["a"] is not a string: quote it',
  },
  {
    name: 'labels that are no map',
    files: { 'a.yaml': configMap('a').replace('name: a', 'name: a\n  labels: [a]') },
    code: 'badManifest',
    message: '"a.yaml": metadata.labels is not a map',
  },
  {
    name: 'one object twice',
    files: { 'a.yaml': configMap('x'), 'b/c.yaml': `${configMap('y')}---\n${configMap('x')}` },
    code: 'duplicateObject',
    message: 'ConfigMap x is there twice: "a.yaml" and "b/c.yaml", document 2',
  },
  {
    name: 'one object in two versions',
    files: { 'a.yaml': object('Job', 'x', '', 'batch/v1'), 'b.yaml': object('Job', 'x', '', 'batch/v1beta1') },
    code: 'duplicateObject',
    message: /^Job team\/x is there twice/,
  },
  {
    name: 'one object, by defaulted namespace',
    files: { 'a.yaml': configMap('x'), 'b.yaml': inNamespace('ConfigMap', 'v1').replace('other', 'team') },
    code: 'duplicateObject',
    message: /^ConfigMap team\/x is there twice/,
  },
  {
    name: 'ciphertext',
    files: {
      'a.yaml': object(
        'Secret',
        's',
        'data: {a: "ENC[AES256_GCM,data:eA==,iv:eA==,tag:eA==,type:str]"}\nsops:\n  mac: ENC[AES256_GCM,data:eA==,iv:eA==,tag:eA==,type:str]\n  age: [{recipient: age1x, enc: x}]\n  lastmodified: "2030-01-01T00:00:00Z"\n  version: 3.7.1\n',
      ),
    },
    code: 'badManifest',
    message: '"a.yaml" is encrypted with SOPS, and the stage has no decryption',
  },
];

for (const { name, files, wishes, code, message } of refused) {
  test(`refuses ${name}`, async () => {
    const answer = await refusal(files, wishes);
    if (typeof message === 'string') assert.equal(answer.message, message);
    else assert.match(answer.message, message);
    assert.equal(answer.code, code);
  });
}

test('renders too large are refused', async () => {
  const items = Array.from({ length: 50_001 }, (_, at) => `- {apiVersion: v1, kind: A, metadata: {name: a${at}}}\n`);
  const tooMany = `apiVersion: v1\nkind: List\nitems:\n${items.join('')}`;
  assert.deepEqual(await refusal({ 'a.yaml': tooMany }), {
    code: 'limitExceeded',
    message: 'the stage renders more than 50000 objects',
  });
});
