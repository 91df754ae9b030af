import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alreadyCancelled, neverCancelled } from '../../../test/support/cancel-flag.ts';
import { openFileMap, packFiles } from '../../shared/protocol/file-map.ts';
import { buildAsFlux } from './build-as-flux.ts';
import { buildKustomization, type KustomizeOptions } from './build-kustomization.ts';
import type { OpenFile } from './files/recording-reader.ts';

// What comes out of which input is judged by test/conformance/kustomize. Here is what the real kustomize has not.

type Files = Readonly<Record<string, string>>;

const filesOf = (files: Files) =>
  openFileMap(packFiles(new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]))));

function build(files: Files, path = '', options: Partial<KustomizeOptions> = {}) {
  return buildKustomization(filesOf(files), path, {
    order: 'legacy',
    filesFrom: 'artifact',
    patches: [],
    flag: neverCancelled(),
    ...options,
  });
}

const object = (kind: string, name: string, rest = '') =>
  `apiVersion: v1\nkind: ${kind}\nmetadata: {name: ${name}}\n${rest}`;

test('what was read, missed and asked for is recorded, and nothing else', () => {
  const { record } = build(
    {
      'app/kustomization.yml': 'resources: [../base, a.yaml]\nconfigMapGenerator: [{name: g, files: [f.txt]}]\n',
      'app/a.yaml': object('ConfigMap', 'a'),
      'app/f.txt': 'x',
      'app/unread.yaml': 'a: [',
      'base/Kustomization': 'namePrefix: x-\n',
      'other/kustomization.yaml': '',
    },
    'app',
  );
  assert.deepEqual([...record.files].toSorted(), [
    'app/a.yaml',
    'app/f.txt',
    'app/kustomization.yml',
    'base/Kustomization',
  ]);
  assert.deepEqual([...record.missed].toSorted(), [
    'app/Kustomization',
    'app/kustomization.yaml',
    'base',
    'base/kustomization.yaml',
    'base/kustomization.yml',
  ]);
  assert.deepEqual([...record.directories], [['base', true]]);
  assert.deepEqual([...record.listed], []);
});

test('without a kustomization the listings are recorded', () => {
  const files = filesOf({ 'a/b/c.yaml': object('ConfigMap', 'c'), 'a/d.txt': '' });
  const { record } = buildAsFlux(files, 'a', { patches: [], flag: neverCancelled() });
  assert.deepEqual([...record.listed], ['a', 'a/b']);
  assert.deepEqual([...record.files], ['a/b/c.yaml']);
});

test('whatever decrypted content or a Secret went into is sensitive, and nothing else', () => {
  const open: OpenFile = (path, bytes) => ({ bytes, decrypted: path.startsWith('secret') });
  const replacement = (source: string, target: string) =>
    `{source: {${source}}, targets: [{select: {name: ${target}}, fieldPaths: [data.x], options: {create: true}}]}`;
  const kustomization = [
    'resources: [plain.yaml, secret.yaml]',
    'configMapGenerator: [{name: gen, envs: [secret.env]}, {name: open, literals: [a=b]}]',
    'patches: [{path: secret-patch.yaml}]',
    `replacements: [${replacement('kind: Secret', 'from-secret')}, ${replacement('name: of-file', 'from-file')}]`,
    'vars: [{name: V, objref: {apiVersion: v1, kind: Secret, name: s}, fieldref: {fieldpath: data.p}}]',
    'generatorOptions: {disableNameSuffixHash: true}',
  ].join('\n');
  const plain = ['from-secret', 'from-file', 'patched', 'untouched'].map((name) =>
    object('ConfigMap', name, 'data: {x: y}\n'),
  );
  const { objects } = build(
    {
      'kustomization.yaml': kustomization,
      'plain.yaml': [
        ...plain,
        object('Secret', 's', 'data: {p: x}\n'),
        object('Pod', 'var', 'spec: {containers: [{args: [$(V)]}]}\n'),
      ].join('---\n'),
      'secret.yaml': object('ConfigMap', 'of-file', 'data: {x: y}\n'),
      'secret.env': 'A=b\n',
      'secret-patch.yaml': object('ConfigMap', 'patched', 'data: {x: z}\n'),
    },
    '',
    { open },
  );
  const names = (isSensitive: boolean) =>
    objects
      .filter(({ sensitive }) => sensitive === isSensitive)
      .map(({ object: { metadata } }) => (metadata as { name: string }).name);
  assert.deepEqual(names(true).toSorted(), ['from-file', 'from-secret', 'gen', 'of-file', 'patched', 'var']);
  assert.deepEqual(names(false).toSorted(), ['open', 's', 'untouched']);
});

test('stage patches see what the root built, by old names and by new ones', () => {
  const files = {
    'kustomization.yaml': 'resources: [a.yaml]\nnamePrefix: x-\n',
    'a.yaml': object('ConfigMap', 'a', 'data: {k: v}\n'),
  };
  const patches = [
    { patch: object('ConfigMap', 'a', 'data: {old: name}\n') },
    { patch: object('ConfigMap', 'x-a', 'data: {new: name}\n') },
    { patch: '[{"op": "remove", "path": "/data/k"}]', target: { kind: 'ConfigMap' } },
  ];
  const [built] = build(files, '', { patches }).objects;
  assert.deepEqual({ ...(built?.object.data as object) }, { new: 'name', old: 'name' });
});

test('keys of JavaScript are keys like any other', () => {
  const evil = '__proto__: {polluted: yes}\nconstructor: {prototype: {polluted: yes}}\ntoString: x\n';
  const { objects } = build({
    'kustomization.yaml': [
      'resources: [a.yaml]',
      'commonLabels: {constructor: a, toString: b}',
      'commonAnnotations: {__proto__: c}',
      'patches:',
      `- patch: '{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {__proto__: x, valueOf: y}}'`,
      `- {target: {kind: ConfigMap}, patch: '[{"op": "add", "path": "/data/hasOwnProperty", "value": {"__proto__": 1}}]'}`,
      'replacements: [{sourceValue: z, targets: [{select: {name: a}, fieldPaths: [data.__proto__]}]}]',
    ].join('\n'),
    'a.yaml': object('ConfigMap', 'a', evil),
  });
  assert.equal(({} as Record<string, unknown>).polluted, undefined);
  const text = JSON.stringify(objects[0]?.object);
  assert.match(text, /"annotations":\{"__proto__":"c"\}/);
  assert.match(text, /"data":\{"__proto__":"z","valueOf":"y","hasOwnProperty":\{"__proto__":1\}\}/);
  assert.match(text, /"__proto__":\{"polluted":"yes"\}/);
});

test('a pattern that would backtrack for ever does not', () => {
  const name = 'a'.repeat(253);
  const files = {
    'kustomization.yaml': `resources: [a.yaml]\npatches: [{target: {name: (a+)+b}, patch: "${'{apiVersion: v1, kind: X, metadata: {name: x}}'}"}]\nimages: [{name: (a*)*c, newTag: x}]\n`,
    'a.yaml': object('Pod', name, `spec: {containers: [{image: ${name}}]}\n`),
  };
  const startedMs = performance.now();
  assert.equal(build(files).objects.length, 1);
  assert.ok(performance.now() - startedMs < 5_000); // milliseconds; a backtracking engine never comes back
});

test('a set flag ends the work', () => {
  const files = { 'kustomization.yaml': 'resources: [a.yaml]\n', 'a.yaml': object('ConfigMap', 'a') };
  assert.throws(() => build(files, '', { flag: alreadyCancelled() }), { code: 'cancelled' });
});
