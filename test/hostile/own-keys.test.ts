import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtOrRefused, type Files } from './builds.ts';
import { encrypt, metadataFor, opening } from './sealed-files.ts';

// Names that mean something to JavaScript mean nothing in a manifest: they come through, with what they hold.

const names = ['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString'] as const;
const data = JSON.parse(`{${names.map((name) => `"${name}": "polluted"`).join()}}`);
const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', labels: data, annotations: data }, data };
const json = JSON.stringify(object);
const plain = '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"x": "y"}}';
const kustomized = (fields: object) => ({
  'a.json': plain,
  'kustomization.yaml': JSON.stringify({ resources: ['a.json'], ...fields }),
});

function sealed(): string {
  const values = JSON.parse(
    `{${names.map((name) => `"${name}": ${JSON.stringify(encrypt('polluted', `data:${name}:`))}`).join()}}`,
  );
  const sops = { ...metadataFor('v1', 'ConfigMap', 'a', ...names.map(() => 'polluted')), encrypted_regex: '^data$' };
  return JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: values, sops });
}

const cases: Readonly<Record<string, Files>> = {
  'a JSON manifest': { 'a.json': json },
  'a YAML manifest': { 'a.yaml': json },
  'a strategic merge patch': kustomized({ patches: [{ patch: json }] }),
  'a JSON patch': kustomized({
    patches: [{ target: { kind: 'ConfigMap' }, patch: JSON.stringify([{ op: 'add', path: '/data', value: data }]) }],
  }),
  'operations of a JSON patch': kustomized({
    patches: [
      {
        target: { kind: 'ConfigMap' },
        patch: JSON.stringify(names.map((name) => ({ op: 'add', path: `/data/${name}`, value: 'polluted' }))),
      },
    ],
  }),
  'a generator of literals': {
    'kustomization.yaml': JSON.stringify({
      configMapGenerator: [{ name: 'a', literals: names.map((name) => `${name}=polluted`) }],
      generatorOptions: { disableNameSuffixHash: true },
    }),
  },
  'a generator of an env file': {
    'kustomization.yaml': 'configMapGenerator: [{name: a, envs: [a.env]}]\n',
    'a.env': names.map((name) => `${name}=polluted\n`).join(''),
  },
  'replacements that make them': kustomized({
    replacements: [
      {
        sourceValue: 'polluted',
        targets: [
          { select: { name: 'a' }, fieldPaths: names.map((name) => `data.${name}`), options: { create: true } },
        ],
      },
    ],
  }),
  'an encrypted JSON manifest': { 'a.json': sealed() },
  'an encrypted YAML manifest': { 'a.yaml': sealed() },
};

for (const [name, files] of Object.entries(cases)) {
  test(`${name} may hold them`, async () => {
    const built = await builtOrRefused(files, { decryption: opening });
    assert.ok(typeof built === 'string', String(built));
    const found = JSON.parse(built).data;
    for (const key of names)
      assert.equal(Object.getOwnPropertyDescriptor(found, key)?.value, 'polluted', `${key} in ${built}`);
  });
}

test('so may a template', async () => {
  const manifest = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a' },
    data: { ...data, x: '$'.concat('{A}') },
  };
  const built = await builtOrRefused(
    { 'a.json': JSON.stringify(manifest) },
    { variables: [{ name: 'A', value: 'b', secret: false }] },
  );
  assert.match(String(built), /"__proto__":"polluted"/);
  assert.match(String(built), /"x":"b"/);
});
