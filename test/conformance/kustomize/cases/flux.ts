import type { Tree } from '../case.ts';
import { configMap, deployment, documents, object, service } from './tree.ts';

const schema = JSON.stringify({
  definitions: {
    'org.example.v1.Thing': {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: {
            items: {
              type: 'array',
              items: { type: 'object' },
              'x-kubernetes-patch-merge-key': 'id',
              'x-kubernetes-patch-strategy': 'merge',
            },
          },
        },
      },
      'x-kubernetes-group-version-kind': [{ group: 'example.org', version: 'v1', kind: 'Thing' }],
    },
  },
});

/** Folders that Flux builds from their root, or, named with `path: `, from below it. */
export const fluxTrees: Readonly<Record<string, Tree>> = {
  'walk order': Object.fromEntries(
    ['b/x.yaml', 'b-c.yaml', 'b.yaml', 'B.yaml', 'a/y.yml', '.hidden/z.yaml', 'é.yaml', '0.yaml'].map((path) => [
      path,
      object('ConfigMap', `"${path.replaceAll(/[^a-zA-Z0]/g, '').toLowerCase()}x${path.length}"`),
    ]),
  ),
  'folders with kustomizations are resources': {
    'a/kustomization.yaml': 'namePrefix: x-\nresources: [one.yaml]\n',
    'a/one.yaml': configMap,
    'a/ignored.yaml': service,
    'a/below/kustomization.yaml': 'broken: [',
    'b/Kustomization': 'resources: [two.yaml]\n',
    'b/two.yaml': service,
    'c.yaml': deployment,
  },
  'other files': { 'README.md': '# [', 'a.yaml.bak': '{{', 'a.yaml': configMap, 'd/b.txt': 'x' },
  'a workflow': { '.github/workflows/x.yaml': 'name: build\non: push\n', 'a.yaml': configMap },
  'an empty document': { 'a.yaml': '# nothing\n', 'b.yaml': configMap },
  'broken YAML': { 'a.yaml': 'a: [\n', 'b.yaml': configMap },
  'unknown field in the root': { 'kustomization.yaml': 'frobnicate: 1\nresources: [a.yaml]\n', 'a.yaml': configMap },
  'unknown field in a base': {
    'kustomization.yaml': 'resources: [base]\n',
    'base/kustomization.yaml': 'frobnicate: 1\nresources: [a.yaml]\n',
    'base/a.yaml': configMap,
  },
  'no resources in the root': { 'kustomization.yaml': 'configMapGenerator: [{name: g, literals: [a=b]}]\n' },
  'only bases': {
    'kustomization.yaml': 'bases: [base]\n',
    'base/kustomization.yaml': 'resources: [a.yaml]\n',
    'base/a.yaml': configMap,
  },
  'an empty root': { 'kustomization.yaml': '' },
  'no resources in a base': {
    'kustomization.yaml': 'resources: [base]\n',
    'base/kustomization.yaml': 'configMapGenerator: [{name: g, literals: [a=b]}]\n',
  },
  'truth values and numbers as text in the root': {
    'kustomization.yaml':
      'namePrefix: on\nnameSuffix: 12\nnamespace: n\ncommonAnnotations: {a: 1.50, b: yes, c: 0750}\nresources: [a.yaml]\n',
    'a.yaml': configMap,
  },
  'a truth value as text in a base': {
    'kustomization.yaml': 'resources: [base]\n',
    'base/kustomization.yaml': 'namePrefix: on\nresources: [a.yaml]\n',
    'base/a.yaml': configMap,
  },
  'input order': {
    'kustomization.yaml': 'resources: [a.yaml]\n',
    'a.yaml': documents(deployment, service, configMap, object('Namespace', 'n')),
  },
  'sort options': {
    'kustomization.yaml': 'resources: [a.yaml]\nsortOptions: {order: legacy}\n',
    'a.yaml': documents(deployment, service, configMap, object('Namespace', 'n')),
  },
  'files from above': {
    'path: app/kustomization.yaml':
      'resources: [../a.yaml, ../base]\nconfigMapGenerator: [{name: g, files: [../a.yaml]}]\n',
    'a.yaml': configMap,
    'base/kustomization.yaml': 'resources: [../b.yaml]\n',
    'b.yaml': service,
  },
  'a remote base': { 'kustomization.yaml': 'resources: ["https://127.0.0.1:1/org/repo//path?ref=v1"]\n' },
  'an exec plugin': {
    'kustomization.yaml': 'resources: [a.yaml]\ntransformers: [t.yaml]\n',
    'a.yaml': configMap,
    't.yaml': 'apiVersion: example.org/v1\nkind: F\nmetadata: {name: f}\n',
  },
  'two kustomizations': {
    'kustomization.yaml': 'resources: [a.yaml]\n',
    'kustomization.yml': 'resources: [a.yaml]\n',
    'a.yaml': configMap,
  },
  'a component as root': {
    'kustomization.yaml': 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [a.yaml]\n',
    'a.yaml': configMap,
  },
  'a component without version as root': {
    'kustomization.yaml': 'kind: Component\nresources: [a.yaml]\n',
    'a.yaml': configMap,
  },
  'an own schema joins the built-in one': {
    'kustomization.yaml':
      'resources: [a.yaml]\nopenapi: {path: schema.json}\npatches: [{patch: "{apiVersion: example.org/v1, kind: Thing, metadata: {name: t}, spec: {items: [{id: b, v: 2}]}}"}, {patch: "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {template: {spec: {containers: [{name: side, tty: true}]}}}}"}]\n',
    'a.yaml': documents(
      deployment,
      object('Thing', 't', 'spec: {items: [{id: a}, {id: b, v: 1}]}\n', 'example.org/v1'),
    ),
    'schema.json': schema,
  },
  'everything at once': {
    'kustomization.yaml':
      'resources: [a.yaml]\nnamePrefix: x-\nnamespace: team\nimages: [{name: nginx, newTag: "9"}]\ncommonLabels: {l: m}\nreplicas: [{name: web, count: 7}]\n',
    'a.yaml': documents(deployment, service, configMap),
  },
};
