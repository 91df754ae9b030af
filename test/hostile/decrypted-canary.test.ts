import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failureOf, TaskError } from '../../src/shared/protocol/task-error.ts';
import type { Variable } from '../../src/shared/protocol/tasks.ts';
import { build } from '../../src/workers/build.ts';
import { buildInput } from '../support/build-input.ts';
import { neverCancelled } from '../support/cancel-flag.ts';
import type { Files } from './builds.ts';
import { encrypt, metadataFor, opening, sealedFiles } from './sealed-files.ts';

// What was encrypted shows in no message, whatever is wrong with it once it is decrypted.

const CANARY = 'hunter2';
const formats = sealedFiles(CANARY);
const named = (name: string) => formats.find((format) => format.name === name)!;

async function refusal(files: Files, variables: readonly Variable[] = []): Promise<string> {
  try {
    await build(buildInput(files, { variables, decryption: opening }), neverCancelled());
  } catch (error) {
    const { code, message } = failureOf(error);
    assert.ok(error instanceof TaskError, `${code}: ${message}`);
    assert.ok(!JSON.stringify([message, String(error.cause)]).includes(CANARY), message);
    return message;
  }
  throw new assert.AssertionError({ message: 'was built' });
}

/** A whole file of any text, encrypted as one value. */
function binary(text: string): string {
  return JSON.stringify({ data: encrypt(text, 'data:'), sops: metadataFor(text) });
}

/** A manifest of which each text is encrypted, with the right MAC. */
function manifest(fields: object): string {
  const texts: string[] = [];
  const sealedValue = (value: unknown, path: readonly string[]): unknown => {
    if (Array.isArray(value)) return value.map((item) => sealedValue(item, path));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, sealedValue(item, [...path, key])]));
    }
    texts.push(String(value));
    return encrypt(String(value), `${path.join(':')}:`);
  };
  const sealed = sealedValue(fields, []) as object;
  return JSON.stringify({ ...sealed, sops: metadataFor(...texts) });
}

const secret = (more: object) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, ...more });
const data = { stringData: { p: CANARY } };
const asFolder = (name: string, text: string) => ({ [name]: text });

const wrong: Readonly<Record<string, Files>> = {
  'a kind that is the secret': asFolder('a.json', manifest(secret({ kind: `${CANARY}/x` }))),
  'an apiVersion that is': asFolder('a.json', manifest(secret({ apiVersion: `../${CANARY}` }))),
  'a list that is a text': asFolder('a.json', manifest({ apiVersion: 'v1', kind: 'List', items: CANARY })),
  'items that are texts': asFolder('a.json', manifest({ apiVersion: 'v1', kind: 'List', items: [CANARY] })),
  'labels that are a text': asFolder('a.json', manifest(secret({ metadata: { name: 's', labels: CANARY } }))),
  'a label that is a list': asFolder('a.json', manifest(secret({ metadata: { name: 's', labels: { a: [CANARY] } } }))),
  'metadata that is a text': asFolder('a.json', manifest(secret({ metadata: CANARY }))),
  'an object that is there twice': { 'a.json': manifest(secret(data)), 'b.json': manifest(secret(data)) },
  'a wrong field on the way of a pass': {
    'a.json': manifest({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'd' },
      spec: { template: CANARY },
    }),
    'kustomization.yaml': 'resources: [a.json]\nimages: [{name: x, newTag: y}]\ncommonLabels: {a: b}\n',
  },
  'a patch that is no patch': {
    'a.json': manifest(secret(data)),
    'p.txt': binary(`- ${CANARY}\n`),
    'kustomization.yaml': 'resources: [a.json]\npatches: [{path: p.txt, target: {kind: Secret}}]\n',
  },
  'a patch whose test fails': {
    'a.json': manifest(secret(data)),
    'p.txt': binary(`- {op: test, path: /stringData/p, value: ${CANARY}2}\n`),
    'kustomization.yaml': 'resources: [a.json]\npatches: [{path: p.txt, target: {kind: Secret}}]\n',
  },
  'an env file of a line without "="': {
    'a.txt': binary(`X=1\nX=${CANARY}\n`),
    'kustomization.yaml': 'secretGenerator: [{name: g, envs: [a.txt]}]\n',
  },
  'replacements of its parts': {
    'a.json': manifest(secret(data)),
    'kustomization.yaml':
      'resources: [a.json]\nreplacements: [{source: {kind: Secret, fieldPath: stringData.p, options: {delimiter: x, index: 3}}, targets: [{select: {kind: Secret}}]}]\n',
  },
  'a variable that is no number': {
    'a.json': manifest(secret(data)),
    'kustomization.yaml':
      'resources: [a.json]\nvars: [{name: V, objref: {kind: Secret, name: s, apiVersion: v1}, fieldref: {fieldpath: stringData.p.x}}]\n',
  },
  'a kustomization that is encrypted': { 'kustomization.yaml': manifest({ [CANARY]: 'x', resources: CANARY }) },
};

for (const [name, files] of Object.entries(wrong)) {
  test(name, async () => {
    assert.notEqual(await refusal(files), '');
  });
}

test('text that is no YAML once it is decrypted', async () => {
  const beginnings = [
    '',
    '!',
    '!<',
    '*',
    '&a *',
    '"',
    "'",
    '|9',
    '%',
    '@',
    '`',
    '[',
    '{',
    '? ',
    '"\\',
    '\t',
    '\u0000',
    '- ',
    '<<: ',
  ];
  for (const beginning of beginnings) {
    for (const end of ['', '"', ']', ': y: z', '\n x: y', '}: {', '\\']) {
      const text = `a: b\n${beginning}${CANARY}${end}`;
      const files = { 'p.txt': binary(text), 'kustomization.yaml': 'resources: [p.txt]\n' };
      const message = await refusal(files);
      assert.match(message, /p\.txt/);
    }
  }
});

for (const { name, path, kustomization, metadata, file } of formats) {
  const filesWith = (text: string) => ({ [path]: text, 'kustomization.yaml': kustomization });

  test(`${name}: a wrong MAC, a wrong place, a wrong type`, async () => {
    const whole = file(metadata);
    assert.match(
      await refusal(filesWith(file({ ...metadata, mac: metadataFor('other').mac }))),
      /its MAC does not fit/,
    );
    for (const type of ['int', 'bool', 'float', 'time', 'x']) {
      const retyped = whole.replace(/type:str\]/, `type:${type}]`);
      assert.match(await refusal(filesWith(retyped)), /not of the type that it is marked with/);
    }
    const moved = whole.replace(/"p"|"data"|P =|P=/, (key) => key.replace(/p|P|data/, 'q'));
    assert.match(await refusal(filesWith(moved)), /does not decrypt with the data key/);
  });
}

test('a variable that is missing beside it, and a template that is broken by it', async () => {
  const reference = (text: string) => `\${${text}}`;
  const some: readonly Variable[] = [{ name: 'A', value: 'x', secret: false }];
  for (const text of [reference('GONE'), reference('A%%'), '$'.concat('{'), reference(`${CANARY}-x`)]) {
    const message = await refusal(
      { 'a.json': manifest(secret({ stringData: { p: `${CANARY} ${text}` } })) },
      some,
    ).catch((error) => assert.fail(`${text}: ${error}`));
    assert.match(message, /Secret "s"/);
  }
  const broken: readonly Variable[] = [{ name: 'A', value: `${CANARY}: "[`, secret: true }];
  const message = await refusal({ 'a.json': manifest(secret({ stringData: { p: reference('A') } })) }, broken);
  assert.match(message, /Secret "s"/);
});

test('the sound file is not what is refused', async () => {
  for (const name of ['JSON', 'YAML', 'dotenv', 'INI', 'binary']) {
    const { path, kustomization, metadata, file } = named(name);
    await assert.rejects(refusal({ [path]: file(metadata), 'kustomization.yaml': kustomization }), /was built/);
  }
});
