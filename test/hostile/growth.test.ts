import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPool } from '../../src/main/pool/pool.ts';
import { TaskError } from '../../src/shared/protocol/task-error.ts';
import type { BuildInput } from '../../src/shared/protocol/tasks.ts';
import { type BuildWishes, buildInput, planIn } from '../support/build-input.ts';
import type { Files } from './builds.ts';
import { metadataFor, opening } from './sealed-files.ts';

// Small inputs that stand for much more: each is refused by name, and its worker lives on, in a heap of 64 MiB.

const never = new AbortController().signal;
const configMap = (data: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {${data}}\nlist: [1, 2]\n`;

function kustomized(fields: object, data = 'x: "1.1"', more: Files = {}): BuildInput {
  const kustomization = JSON.stringify({ resources: ['a.yaml'], ...fields });
  return input({ 'a.yaml': configMap(data), 'kustomization.yaml': kustomization, ...more });
}

function input(files: Files, wishes?: BuildWishes): BuildInput {
  return buildInput(files, wishes);
}

const times = <T>(count: number, make: (at: number) => T) => Array.from({ length: count }, (_, at) => make(at));
const patched = (operations: readonly object[]) =>
  kustomized({ patches: [{ target: { kind: 'ConfigMap' }, patch: JSON.stringify(operations) }] });
const replaced = (fieldPath: string, into: (at: number) => string, options: object) =>
  kustomized({
    replacements: times(40, (at) => ({
      source: { kind: 'ConfigMap', fieldPath },
      targets: [{ select: { kind: 'ConfigMap' }, fieldPaths: [into(at)], options }],
    })),
  });

const sealedYaml = (body: string) =>
  input({ 'a.yaml': `${body}\nsops: ${JSON.stringify(metadataFor())}\n` }, { decryption: opening });

const cases: readonly (readonly [name: string, input: BuildInput])[] = [
  [
    'a JSON patch that copies a map into itself',
    patched(times(40, (at) => ({ op: 'copy', from: '/data', path: `/data/k${at}` }))),
  ],
  [
    'a JSON patch that copies a list into itself',
    patched(times(40, () => ({ op: 'copy', from: '/list', path: '/list/-' }))),
  ],
  ['replacements that join a text with itself', replaced('data.x', () => 'data.x', { delimiter: '.', index: -1 })],
  ['replacements that copy a map into itself', replaced('data', (at) => `data.k${at}`, { create: true })],
  [
    'a variable of a megabyte, named over and over',
    kustomized(
      {
        vars: [
          { name: 'V', objref: { apiVersion: 'v1', kind: 'ConfigMap', name: 'a' }, fieldref: { fieldpath: 'data.x' } },
        ],
        configurations: ['config.yaml'],
      },
      `x: ${'x'.repeat(1_000_000)}, y: "${'$(V)'.repeat(20_000)}"`,
      { 'config.yaml': 'varReference: [{path: data/y, kind: ConfigMap}]\n' },
    ),
  ],
  [
    'a generator that takes one file under many names',
    kustomized({ configMapGenerator: [{ name: 'g', files: times(400, (at) => `k${at}=big`) }] }, '', {
      big: 'x'.repeat(4_000_000),
    }),
  ],
  ['aliases of aliases', input({ 'a.yaml': laughs(30) })],
  ['an encrypted list of many values', sealedYaml(`a: [${'a,'.repeat(300_000)}]`)],
  ['an encrypted file of many lines', sealedYaml('a: b\n'.repeat(300_000))],
  [
    'references to a long value, in a template',
    input(
      { 'a.yaml': configMap(`x: "${'$'.concat('{A}').repeat(1_000)}"`) },
      {
        variables: [{ name: 'A', value: 'x'.repeat(1_000_000), secret: false }],
      },
    ),
  ],
];

function laughs(levels: number): string {
  const lines = times(levels, (at) => `  l${at + 1}: &l${at + 1} [*l${at}, *l${at}]\n`).join('');
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  l0: &l0 x\n${lines}`;
}

const pool = createPool({ workers: 1, workerMemoryMiB: 64 });
test.after(() => pool.close());

for (const [name, hostile] of cases) {
  test(name, async () => {
    await assert.rejects(pool.run('build', hostile, never), (error) => {
      assert.ok(error instanceof TaskError, String(error));
      assert.match(`${error.code}: ${error.message}`, /^(?:limitExceeded|badManifest): /);
      return true;
    });
    const answer = await pool.run('build', input({ 'a.yaml': configMap('a: b') }), never);
    assert.equal(planIn(answer).objects.length, 1);
  });
}
