import type { Tree } from '../../test/conformance/kustomize/case.ts';
import { newAgeKey, sealedSecret } from '../../test/support/sealed-secret.ts';

export interface BenchTree {
  readonly name: string;
  readonly files: Tree;
  readonly path: string;
  /** Its files are encrypted for this age identity: the real sops opens them one by one. */
  readonly ageIdentity?: string;
  /** The real tool would take many minutes. */
  readonly oursOnly?: boolean;
}

/** What a build's time may hang on: how many objects, layers, generators, patches, or just bytes. */
export const benchTrees: readonly BenchTree[] = [
  ...[1, 20, 200, 2_000].map(overlayOf),
  { ...overlayOf(20_000), oursOnly: true },
  { name: 'deep diamond', files: diamond(7), path: 'l7' },
  { name: '500 generators', files: generators(500), path: '' },
  { name: '600 patches', files: patches(300), path: '' },
  { name: '10 MB of CRDs', files: crds(70), path: '' },
];

export async function encryptedTree(count = 100): Promise<BenchTree> {
  const { identity, recipient } = await newAgeKey();
  const names = Array.from({ length: count }, (_, at) => `secret-${at}`);
  const values = (name: string) =>
    Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`key-${at}`, `${name} ${'x'.repeat(200)}`]));
  const files = await Promise.all(
    names.map(async (name) => [`${name}.json`, await sealedSecret({ recipient }, name, values(name))] as const),
  );
  return { name: `${count} encrypted files`, files: Object.fromEntries(files), path: '', ageIdentity: identity };
}

/** Deployments with prefix, namespace, labels and images. */
function overlayOf(count: number): BenchTree {
  const kustomization =
    'resources: [all.yaml]\nnamePrefix: x-\nnamespace: team\ncommonLabels: {owner: team}\nimages: [{name: nginx, newTag: "2"}]\n';
  const files = { 'kustomization.yaml': kustomization, 'all.yaml': deployments(count) };
  return { name: `${count} Deployment${count === 1 ? '' : 's'}`, files, path: '' };
}

function deployments(count: number): string {
  return Array.from({ length: count }, (_, index) => deployment(`app-${index}`)).join('---\n');
}

function deployment(name: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  labels: {app: ${name}}
spec:
  replicas: 2
  selector:
    matchLabels: {app: ${name}}
  template:
    metadata:
      labels: {app: ${name}}
    spec:
      containers:
      - name: main
        image: nginx:1.25
        ports:
        - {containerPort: 8080, name: http}
        env:
        - {name: LOG_LEVEL, value: info}
        resources:
          requests: {cpu: 100m, memory: 128Mi}
          limits: {cpu: "1", memory: 512Mi}
`;
}

/** Each layer builds twice on the one below. */
function diamond(depth: number): Tree {
  const files: Record<string, string> = {
    'l0/kustomization.yaml': 'resources: [all.yaml]\n',
    'l0/all.yaml': deployments(5),
  };
  for (let at = 1; at <= depth; at++) {
    files[`a${at}/kustomization.yaml`] = `resources: [../l${at - 1}]\nnamePrefix: a-\n`;
    files[`b${at}/kustomization.yaml`] = `resources: [../l${at - 1}]\nnamePrefix: b-\nnamespace: n${at}\n`;
    files[`l${at}/kustomization.yaml`] = `resources: [../a${at}, ../b${at}]\ncommonLabels: {l${at}: x}\n`;
  }
  return files;
}

function generators(count: number): Tree {
  const lines = Array.from({ length: count }, (_, at) => `- {name: g${at}, literals: [a=${at}], files: [f.txt]}\n`);
  return { 'kustomization.yaml': `configMapGenerator:\n${lines.join('')}`, 'f.txt': 'x'.repeat(5_000) };
}

function patches(count: number): Tree {
  const lines = Array.from(
    { length: count },
    (_, at) => `- patch: |
    {apiVersion: apps/v1, kind: Deployment, metadata: {name: app-${at}}, spec: {replicas: ${at}}}
- target: {kind: Deployment, name: app-${at}}
  patch: '[{"op": "add", "path": "/spec/paused", "value": true}]'
`,
  );
  return { 'kustomization.yaml': `resources: [all.yaml]\npatches:\n${lines.join('')}`, 'all.yaml': deployments(count) };
}

function crds(count: number): Tree {
  const version = (at: number) =>
    `  - name: v${at}\n    schema:\n      openAPIV3Schema: {description: "a text that is long enough, number ${at}", type: object, properties: {a: {type: string}}}\n`;
  const versions = Array.from({ length: 1_000 }, (_, at) => version(at)).join('');
  const crd = (at: number) =>
    `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: t${at}.example.org}\nspec:\n  versions:\n${versions}`;
  return {
    'kustomization.yaml': 'resources: [all.yaml]\nnamePrefix: x-\ncommonLabels: {a: b}\n',
    'all.yaml': Array.from({ length: count }, (_, at) => crd(at)).join('---\n'),
  };
}
