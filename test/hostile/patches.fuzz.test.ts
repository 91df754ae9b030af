import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Random, randomFrom, seeds } from '../support/seeds.ts';
import { builtOrRefused } from './builds.ts';

const BUILDS = 100;

const manifest = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}, annotations: {note: a.b.c}}
spec:
  replicas: 1
  template:
    spec:
      containers:
      - {name: web, image: "nginx:1.25", args: [a, b], env: [{name: A, value: "1"}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {a: "1", b: '{"c": [1]}', constructor: x}
`;

for (const seed of seeds()) {
  test(`whatever patches, selectors and replacements say, a stage is built or refused (seed ${seed})`, async () => {
    const random = randomFrom(seed);
    for (let round = 0; round < BUILDS; round++) {
      const kustomization = JSON.stringify({
        resources: ['a.yaml'],
        patches: several(random, 2, () => ({ target: selector(random), patch: JSON.stringify(operations(random)) })),
        replacements: several(random, 2, () => replacement(random)),
      });
      await builtOrRefused({ 'a.yaml': manifest, 'kustomization.yaml': kustomization });
    }
  });
}

test('a long pattern on a long text is not even begun', async () => {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p' },
    spec: { containers: [{ image: 'a'.repeat(100_000) }] },
  };
  const kustomization = { resources: ['a.json'], images: [{ name: '(a|b|c)*'.repeat(300), newTag: 'x' }] };
  const files = { 'a.json': JSON.stringify(pod), 'kustomization.yaml': JSON.stringify(kustomization) };
  assert.match(String(await builtOrRefused(files)), /a selector takes too long to match/);
});

test('a path far into nowhere is refused with few words', async () => {
  const patch = JSON.stringify([{ op: 'add', path: '/a'.repeat(100_000), value: 1 }]);
  const kustomization = { resources: ['a.yaml'], patches: [{ target: { kind: 'ConfigMap' }, patch }] };
  const files = { 'a.yaml': manifest, 'kustomization.yaml': JSON.stringify(kustomization) };
  assert.match(String(await builtOrRefused(files)), /ConfigMap settings.*: nested more than 256 deep$/);
});

function several<T>(random: Random, most: number, make: () => T): readonly T[] {
  return Array.from({ length: random.below(most + 1) }, make);
}

const names = [
  '',
  'a',
  'metadata',
  'labels',
  'data',
  'spec',
  'template',
  'containers',
  '-',
  '0',
  '1',
  '-1',
  '+0',
  '00',
  '4294967296',
  '9'.repeat(30),
  '*',
  '~0',
  '~1',
  '~',
  '__proto__',
  'constructor',
  'prototype',
  'length',
  'toString',
  '[name=web]',
  '[name=(w+)+$]',
  '[=',
  'x'.repeat(500),
];

const values = [
  null,
  true,
  1e308,
  'x',
  '',
  [],
  {},
  JSON.parse('{"__proto__": {"polluted": 1}}'),
  { constructor: { prototype: { polluted: 1 } } },
  { $patch: 'delete' },
  [[[[{}]]]],
];

const roots = ['', '/metadata', '/data', '/spec/template/spec/containers/0', '/__proto__', '/constructor'];

function pointer(random: Random): unknown {
  if (random.below(20) === 0) return random.pick(values);
  if (random.below(20) === 0) return '/a'.repeat(10_000);
  return [random.pick(roots), ...several(random, 3, () => random.pick(names))].join('/');
}

function operations(random: Random): unknown {
  if (random.below(20) === 0) return random.pick(values);
  return several(random, 5, () => ({
    op: random.pick(['add', 'remove', 'replace', 'move', 'copy', 'test', 'frob']),
    path: pointer(random),
    from: pointer(random),
    value: random.pick(values),
  }));
}

const patterns = [
  '',
  '.*',
  'web',
  '(w+)+$',
  '(',
  '[',
  'a{1000}',
  '((a{100}){100}){100}',
  '(?=x)',
  '\\',
  '(.|w)*'.repeat(300),
];
const labelSelectors = ['', 'app=web', 'app in (', '!', 'a notin ()', ',,,', '__proto__=x', `${'a,'.repeat(1_000)}a`];

function selector(random: Random): unknown {
  if (random.below(20) === 0) return random.pick(values);
  return {
    kind: random.pick(['Deployment', 'ConfigMap', ...patterns]),
    name: random.pick(patterns),
    labelSelector: random.pick(labelSelectors),
  };
}

function replacement(random: Random): unknown {
  const path = () => several(random, 4, () => random.pick(names)).join('.');
  const options = {
    delimiter: random.pick(['', '.', 'x']),
    index: random.pick([0, -1, 1e9, 0.5]),
    create: random.below(2) === 1,
  };
  return {
    source: { kind: 'ConfigMap', fieldPath: random.pick(['data.a', 'data.b', 'data', path()]), options },
    targets: [{ select: selector(random), fieldPaths: [path(), path()], options }],
  };
}
