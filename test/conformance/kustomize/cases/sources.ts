import {
  casesOf,
  configMap,
  deployment,
  documents,
  object,
  one,
  overlaid,
  secret,
  service,
  type Trees,
} from './tree.ts';

const values = `a: y
b: yes
c: off
d: 0750
e: 0b11
f: 0x1F
g: 1_500
h: 2e3
i: 2030-12-31
j: "2030-12-31"
k: ~
l: 1.0
m: 18446744073709551615
n: -9223372036854775808
o: 0o17
p: 12:30:45
q: 1e400
r: .5
s: "on"
t: 2001-12-14t21:59:43.10-05:00
u: !!str 123
v: !!int "7"
w: !!binary aGVsbG8=
x: |
  two
  lines
y: >-
  folded
  text
z: 'it''s'
`;

const trees: Trees = {
  scalars: one('', object('Thing', 's', `spec:\n${values.replace(/^/gm, '  ')}`, 'example.org/v1')),
  'anchors and merge keys': one(
    '',
    object(
      'ConfigMap',
      'a',
      'x: &x {a: 1, b: 2}\ny: {<<: *x, b: 3}\nz: [*x, *x]\nw: {<<: [*x, {c: 4, a: 9}]}\nt: &t text\nu: *t\n',
    ),
  ),
  'a duplicate key': one('', object('ConfigMap', 'a', 'data: {a: 1, a: 2}\n')),
  'a number as key': one('', object('ConfigMap', 'a', 'data: {8080: web}\n')),
  infinity: one('', object('ConfigMap', 'a', 'x: .inf\n')),
  'no object': one('', 'just: a map\n'),
  'no name': one('', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {labels: {a: b}}\n'),
  'no kind': one('', 'apiVersion: v1\nmetadata: {name: a}\n'),
  'a list at the top': one('', '- a\n'),
  'broken YAML': one('', 'a: [\n'),
  'empty documents': one('', documents('# nothing', configMap, '', '{}', object('ConfigMap', 'b'))),
  'an empty file': one('namePrefix: x-\n', ''),
  'CRLF and BOM': one('', `\uFEFF${configMap}`.replaceAll('\n', '\r\n')),
  lists: one(
    '',
    documents(
      'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n- {apiVersion: v1, kind: SecretList, items: [{apiVersion: v1, kind: Secret, metadata: {name: s}}]}',
      object('ConfigMap', 'z'),
      'apiVersion: example.org/v1\nkind: ThingList\nitems: []',
      object('AllowList', 'l', 'spec: {a: b}\n', 'example.org/v1'),
    ),
  ),
  'items are taken to JSON and back': one(
    '',
    documents(
      configMap,
      'apiVersion: v1\nkind: ConfigMapList\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: j, annotations: {a: ~, b: 0750, c: 2030-12-31, d: 1_0, e: 1.50, f: 12345678901234567890}}}\n',
    ),
  ),
  'one list': one(
    'namePrefix: x-\n',
    'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n',
  ),
  'list without items': one('', documents('apiVersion: v1\nkind: List\n', configMap)),
  'items that are none': one('', documents('apiVersion: v1\nkind: ThingList\nitems: {a: b}\n', configMap)),
  'local config': one(
    '',
    documents(
      object('ConfigMap', 'a', '  annotations: {config.kubernetes.io/local-config: "true"}\n'),
      object('ConfigMap', 'b', '  annotations: {config.kubernetes.io/local-config: "false"}\n'),
      object('ConfigMap', 'c', '  annotations: {config.kubernetes.io/local-config: "maybe"}\n'),
    ),
  ),
  'notes are taken away': one(
    '',
    object(
      'ConfigMap',
      'a',
      '  annotations: {config.kubernetes.io/path: x, config.kubernetes.io/origin: y, internal.config.kubernetes.io/index: "1", keep: z}\n',
    ),
  ),
  'JSON file': {
    'app/kustomization.yaml': 'resources: [a.json]\nnamePrefix: x-\n',
    'app/a.json':
      '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"a": "\\u00e9", "n": null}}',
  },
  'same object twice': one('', documents(configMap, configMap)),
  'same name, other group': one(
    '',
    documents(
      object('Thing', 'a', '', 'a.org/v1'),
      object('Thing', 'a', '', 'b.org/v1'),
      object('Thing', 'a', '', 'b.org/v2'),
    ),
  ),
  'default namespace is none': one(
    '',
    documents(object('ConfigMap', 'a'), object('ConfigMap', 'a', '  namespace: default\n')),
  ),
  'a file that is gone': { 'app/kustomization.yaml': 'resources: [gone.yaml]\n' },
  'a folder without kustomization': { 'app/kustomization.yaml': 'resources: [../base]\n', 'base/x.yaml': configMap },
  'a folder with two': {
    'app/kustomization.yaml': 'resources: [../base]\n',
    'base/kustomization.yaml': 'resources: []\n',
    'base/Kustomization': 'resources: []\n',
  },
  'other file names': {
    'app/kustomization.yml': 'resources: [../base]\n',
    'base/Kustomization': 'resources: [x.yaml]\n',
    'base/x.yaml': configMap,
  },
  cycle: { 'app/kustomization.yaml': 'resources: [../base]\n', 'base/kustomization.yaml': 'resources: [../app]\n' },
  itself: { 'app/kustomization.yaml': 'resources: [.]\n' },
  'its parent': { 'app/kustomization.yaml': 'resources: [..]\n', 'kustomization.yaml': 'resources: [app]\n' },
  'a diamond': {
    'app/kustomization.yaml': 'resources: [../a, ../b]\n',
    'a/kustomization.yaml': 'resources: [../base]\nnamespace: a\n',
    'b/kustomization.yaml': 'resources: [../base]\nnamespace: b\n',
    'base/kustomization.yaml': 'resources: [x.yaml]\n',
    'base/x.yaml': documents(deployment, configMap, service),
  },
  bases: {
    'app/kustomization.yaml': 'bases: [../base]\nnamePrefix: x-\n',
    'base/kustomization.yaml': 'resources: [x.yaml]\n',
    'base/x.yaml': configMap,
  },
  'remote file': { 'app/kustomization.yaml': 'resources: ["https://127.0.0.1:1/x.yaml"]\n' },
  'remote folder': { 'app/kustomization.yaml': 'resources: ["https://127.0.0.1:1/org/repo//path?ref=v1"]\n' },
  'absolute file': { 'app/kustomization.yaml': 'resources: [/nonexistent/x.yaml]\n' },
  components: {
    'app/kustomization.yaml': 'resources: [../base]\ncomponents: [../one, ../two]\nnamePrefix: x-\n',
    'base/kustomization.yaml': 'resources: [x.yaml]\n',
    'base/x.yaml': documents(deployment, configMap),
    'one/kustomization.yaml':
      'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nconfigMapGenerator: [{name: settings, behavior: merge, literals: [b=2]}]\nimages: [{name: nginx, newTag: "9"}]\n',
    'two/kustomization.yaml': 'kind: Component\nresources: [y.yaml]\nnameSuffix: -s\n',
    'two/y.yaml': service,
  },
  'a component as resource': {
    'app/kustomization.yaml': 'resources: [../one]\n',
    'one/kustomization.yaml': 'kind: Component\nnamePrefix: x\n',
  },
  'a resource as component': {
    'app/kustomization.yaml': 'components: [../one]\n',
    'one/kustomization.yaml': 'namePrefix: x\n',
  },
  'unknown field': one('frobnicate: 1\n', configMap),
  'other case': { 'app/kustomization.yaml': 'Resources: [all.yaml]\nNAMEPREFIX: x-\n', 'app/all.yaml': configMap },
  'duplicate field': one('namePrefix: a-\nnamePrefix: b-\n', configMap),
  'second document': one('namePrefix: a-\n---\nnamePrefix: b-\n', configMap),
  'a truth value as prefix': one('namePrefix: on\n', configMap),
  'a truth value as namespace': one('namespace: n\n', configMap),
  'a number as namespace': one('namespace: 123\n', configMap),
  'an octal count': one('replicas: [{name: web, count: 010}]\n', deployment),
  'a count that is text': one('replicas: [{name: web, count: "3"}]\n', deployment),
  'an empty kustomization': { 'app/kustomization.yaml': '' },
  'a kustomization of a kind only': { 'app/kustomization.yaml': 'kind: Kustomization\n' },
  'empty resources': { 'app/kustomization.yaml': 'resources: []\n' },
  'null resources': { 'app/kustomization.yaml': 'resources:\n' },
  'wrong kind': one('kind: Deployment\n', configMap),
  'wrong version': one('apiVersion: apps/v1\n', configMap),
  'resources are text': { 'app/kustomization.yaml': 'resources: all.yaml\n' },
  'metadata and anchors': one('metadata: {name: x}\ncommonLabels: &l {a: b}\ncommonAnnotations: *l\n', configMap),
  'helm charts': one('helmCharts: [{name: x, repo: "https://127.0.0.1:1"}]\n', configMap),
  'a base below': {
    'app/kustomization.yaml': 'resources: [./base/, x.yaml]\n',
    'app/x.yaml': service,
    'app/base/kustomization.yaml': 'resources: [x.yaml]\n',
    'app/base/x.yaml': configMap,
  },
  'a file above': {
    'app/kustomization.yaml': 'resources: [../x.yaml]\nconfigMapGenerator: [{name: g, files: [../x.yaml]}]\n',
    'x.yaml': configMap,
  },
  'secret stays as it is': one('namePrefix: x-\n', secret),
  'namespace of overlays': overlaid('namespace: over\n', 'namespace: under\n', documents(configMap, deployment)),
};

const restricted: Trees = {
  'a file above': { 'app/kustomization.yaml': 'resources: [../x.yaml]\n', 'x.yaml': configMap },
  'a generator file above': {
    'app/kustomization.yaml': 'configMapGenerator: [{name: g, files: [../x.yaml]}]\n',
    'x.yaml': configMap,
  },
  'a base above': {
    'app/kustomization.yaml': 'resources: [../base]\n',
    'base/kustomization.yaml': 'resources: [x.yaml]\n',
    'base/x.yaml': configMap,
  },
  'a patch above': {
    'app/kustomization.yaml': 'resources: [x.yaml]\npatches: [{path: ../p.yaml}]\n',
    'app/x.yaml': configMap,
    'p.yaml': configMap,
  },
};

export const sources = [...casesOf('sources', trees), ...casesOf('restricted', restricted, 'kustomization')];
