import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import { type BuildWishes, buildInput, planIn } from '../../test/support/build-input.ts';
import { alreadyCancelled, neverCancelled } from '../../test/support/cancel-flag.ts';
import type { StagePlan } from '../shared/protocol/tasks.ts';
import { build } from './build.ts';

type Files = Readonly<Record<string, string | Uint8Array>>;

async function planOf(files: Files, wishes?: BuildWishes): Promise<StagePlan> {
  return planIn(await build(buildInput(files, wishes), neverCancelled()));
}

const ids = (plan: StagePlan) => plan.objects.map(({ id }) => id);
const bodyText = (plan: StagePlan, at = 0) => {
  const { offset, length } = plan.objects[at]!;
  return Buffer.from(plan.bodies, offset, length).toString();
};
const bodyOf = (plan: StagePlan, at = 0) => JSON.parse(bodyText(plan, at));
const object = (kind: string, name: string, rest = '', apiVersion = 'v1') =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${name}\n${rest}`;
const configMap = (name: string, rest = '') => object('ConfigMap', name, rest);

const owned = {
  'stages.metio.wtf/name': 'shop',
  'stages.metio.wtf/namespace': 'team',
  'stages.metio.wtf/stage': 'db',
};

test('one ConfigMap: owned, in place, as bytes that the digest fits', async () => {
  const plan = await planOf({ 'a.yaml': configMap('settings', 'data: {n: 0750, big: 18446744073709551615}\n') });
  const [planned] = plan.objects;
  const { digest, length, ...rest } = planned!;
  assert.deepEqual(rest, {
    id: 'team_settings__ConfigMap',
    apiVersion: 'v1',
    wave: 2,
    sensitive: false,
    keep: false,
    offset: 0,
  });
  assert.equal(length, plan.bodies.byteLength);
  assert.equal(digest, hash('sha256', Buffer.from(plan.bodies)));
  assert.equal(
    bodyText(plan),
    '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"settings","namespace":"team","labels":' +
      `${JSON.stringify(owned)}},"data":{"n":488,"big":18446744073709551615}}`,
  );
});

test('files are read by the bytes of their names, directories where their name stands', async () => {
  const files = ['b/x.yaml', 'b-c.yml', 'b.json', 'B.yaml', 'a/y.yaml', '.github/z.yaml'];
  const plan = await planOf(Object.fromEntries(files.map((path) => [path, configMap(path.replaceAll(/[^a-z]/g, ''))])));
  assert.deepEqual(
    ids(plan).map((id) => id.split('_')[1]),
    ['githubzyaml', 'yaml', 'ayyaml', 'bxyaml', 'bcyml', 'bjson'],
  );
});

test('only the stage path is read, and only manifests', async () => {
  const files = {
    'apps/web/cm.yaml': configMap('in'),
    'apps/web/README.md': '# [not yaml',
    'apps/web/script.yaml.bak': '{{',
    'apps/other.yaml': 'no object',
  };
  for (const path of ['apps/web', './apps/web/', 'apps/../apps/web']) {
    assert.deepEqual(ids(await planOf(files, { stage: { path } })), ['team_in__ConfigMap']);
  }
});

test('documents, lists and lists of one kind are all flattened, empty ones skipped', async () => {
  const text = [
    '# nothing here',
    configMap('a'),
    '',
    '{}',
    'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: b}}\n- apiVersion: v1\n  kind: SecretList\n  items: [{apiVersion: v1, kind: Secret, metadata: {name: c}}]\n',
    'apiVersion: v1\nkind: ConfigMapList\nitems:\n',
    JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'd' } }),
  ].join('\n---\n');
  assert.deepEqual(ids(await planOf({ 'all.yaml': text })), [
    'team_a__ConfigMap',
    'team_d__ConfigMap',
    'team_b__ConfigMap',
    'team_c__Secret',
  ]);
});

test('files without an object render nothing, which is fine', async () => {
  const plan = await planOf({ 'a.yaml': '# later\n' });
  assert.deepEqual([plan.objects, plan.bodies.byteLength, plan.images], [[], 0, []]);
});

test('what is local to kustomize stays out', async () => {
  const local = configMap('a').replace(
    'name: a',
    'name: a\n  annotations: {config.kubernetes.io/local-config: "true"}',
  );
  assert.deepEqual(ids(await planOf({ 'a.yaml': local, 'b.yaml': configMap('b') })), ['team_b__ConfigMap']);
});

test('what only the server sets is taken off', async () => {
  const text = `apiVersion: v1
kind: Service
metadata:
  creationTimestamp: null
  uid: x
  resourceVersion: "1"
  generation: 3
  selfLink: /x
  managedFields: []
  name: web
  finalizers: [a/b]
spec: {clusterIP: None}
status: {loadBalancer: {}}
`;
  assert.deepEqual(bodyOf(await planOf({ 'a.yaml': text })), {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'team', finalizers: ['a/b'], labels: owned },
    spec: { clusterIP: 'None' },
  });
});

test('labels: ours win, the ApplySet member label too, long names are shortened', async () => {
  const text = configMap('a').replace(
    'name: a',
    'name: a\n  labels: {app: web, empty: , stages.metio.wtf/name: other}',
  );
  const long = 's'.repeat(70);
  const plan = await planOf(
    { 'a.yaml': text },
    { owner: { namespace: 'team', name: long, stage: 'db' }, applySetId: 'set-1' },
  );
  assert.deepEqual(bodyOf(plan).metadata.labels, {
    app: 'web',
    empty: '',
    'stages.metio.wtf/name': `${'s'.repeat(54)}-${hash('sha256', long).slice(0, 8)}`,
    'stages.metio.wtf/namespace': 'team',
    'stages.metio.wtf/stage': 'db',
    'applyset.kubernetes.io/part-of': 'set-1',
  });
});

const inNamespace = (kind: string, apiVersion: string) =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: x, namespace: other}\n`;
const crd = (kind: string, scope: string) =>
  object(
    'CustomResourceDefinition',
    `${kind.toLowerCase()}s.example.org`,
    `spec: {group: example.org, scope: ${scope}, names: {kind: ${kind}}}\n`,
    'apiextensions.k8s.io/v1',
  );

test('scope: an own namespace stays, a cluster-scoped object has none, an unknown kind is namespaced', async () => {
  const files = {
    '1.yaml': inNamespace('ConfigMap', 'v1'),
    '2.yaml': inNamespace('Namespace', 'v1'),
    '3.yaml': inNamespace('VolumeAttributesClass', 'storage.k8s.io/v1'),
    '4.yaml': inNamespace('Known', 'example.org/v1'),
    '5.yaml': inNamespace('Unknown', 'example.org/v1'),
    '6.yaml': object('Unknown', 'y', '', 'example.org/v1'),
  };
  const plan = await planOf(files, { clusterScopedKinds: ['example.org/Known'] });
  assert.deepEqual(ids(plan).toSorted(), [
    '_x__Namespace',
    '_x_example.org_Known',
    '_x_storage.k8s.io_VolumeAttributesClass',
    'other_x__ConfigMap',
    'other_x_example.org_Unknown',
    'team_y_example.org_Unknown',
  ]);
  for (const [at, { id }] of plan.objects.entries()) {
    const { namespace } = bodyOf(plan, at).metadata;
    assert.equal(namespace, id.startsWith('_') ? undefined : id.split('_')[0]);
  }
});

test('scope: CRDs of this render have the last word', async () => {
  const files = {
    'crd.yaml': `${crd('Plot', 'Cluster')}---\n${crd('Bed', 'Namespaced')}`,
    'x.yaml': inNamespace('Plot', 'example.org/v1'),
    'y.yaml': inNamespace('Bed', 'example.org/v1'),
  };
  const plan = await planOf(files, { clusterScopedKinds: ['example.org/Bed'], namespacedKinds: ['example.org/Plot'] });
  assert.deepEqual(ids(plan).slice(2), ['_x_example.org_Plot', 'other_x_example.org_Bed']);
  assert.deepEqual(plan.definedKinds, [
    { group: 'example.org', kind: 'Plot', clusterScoped: true },
    { group: 'example.org', kind: 'Bed', clusterScoped: false },
  ]);
});

test('objects come in waves, within a wave in the order of the render', async () => {
  const files = {
    '1.yaml': object('Job', 'j', '', 'batch/v1'),
    '2.yaml': object('Deployment', 'd', '', 'apps/v1'),
    '3.yaml': object('RoleBinding', 'rb', '', 'rbac.authorization.k8s.io/v1'),
    '4.yaml': object('Secret', 's'),
    '5.yaml': object('ClusterRole', 'cr', '', 'rbac.authorization.k8s.io/v1'),
    '6.yaml': object('StorageClass', 'sc', '', 'storage.k8s.io/v1'),
    '7.yaml': object('Namespace', 'n'),
    '8.yaml': crd('PlotClass', 'Cluster'),
    '9.yaml': object('PlotClass', 'of-this-crd', '', 'example.org/v1'),
    'a.yaml': object('GatewayClass', 'known', '', 'gateway.networking.k8s.io/v1'),
    'b.yaml': object('ValidatingAdmissionPolicyBinding', 'vap', '', 'admissionregistration.k8s.io/v1'),
    'c.yaml': object('Class', 'namespaced', '', 'example.org/v1'),
  };
  const plan = await planOf(files, { clusterScopedKinds: ['gateway.networking.k8s.io/GatewayClass'] });
  assert.deepEqual(
    plan.objects.map(({ id, wave }) => `${wave} ${id.split('_').at(1)}`),
    [
      '1 sc',
      '1 n',
      '1 plotclasss.example.org',
      '1 known',
      '2 s',
      '2 cr',
      '3 rb',
      '4 d',
      '4 of-this-crd',
      '4 namespaced',
      '5 j',
      '5 vap',
    ],
  );
});

test('Helm hooks are ordinary objects, or left out', async () => {
  const hook = configMap('hook').replace('name: hook', 'name: hook\n  annotations: {helm.sh/hook: post-install}');
  const files = { 'a.yaml': hook, 'b.yaml': configMap('b') };
  assert.deepEqual(ids(await planOf(files)), ['team_hook__ConfigMap', 'team_b__ConfigMap']);
  assert.deepEqual(ids(await planOf(files, { stage: { applyHelmHookResources: false } })), ['team_b__ConfigMap']);
});

test('prune and ssa wishes are read from annotations and labels, in any case', async () => {
  const wish = (name: string, where: string) => configMap(name).replace('metadata:', `metadata:\n  ${where}`);
  const plan = await planOf({
    '1.yaml': wish('a', 'annotations: {stages.metio.wtf/prune: disabled}'),
    '2.yaml': wish('b', 'labels: {stages.metio.wtf/prune: Disabled}'),
    '3.yaml': wish('c', 'annotations: {kustomize.toolkit.fluxcd.io/ssa: merge}'),
    '4.yaml': wish('d', 'labels: {kustomize.toolkit.fluxcd.io/ssa: IfNotPresent}'),
    '5.yaml': wish('e', 'annotations: {kustomize.toolkit.fluxcd.io/ssa: Override, stages.metio.wtf/prune: enabled}'),
    '6.yaml': wish('f', 'annotations: {kustomize.toolkit.fluxcd.io/ssa: Ignore}'),
  });
  assert.deepEqual(
    plan.objects.map(({ keep, ssa }) => [keep, ssa]),
    [
      [true, undefined],
      [true, undefined],
      [false, 'Merge'],
      [false, 'IfNotPresent'],
      [false, undefined],
      [false, 'Ignore'],
    ],
  );
});

test('images of all containers are listed, sorted and once', async () => {
  const pod =
    'spec: {template: {spec: {initContainers: [{image: b}], containers: [{image: "c:1"}, {image: a}, {name: none}]}}}\n';
  const plan = await planOf({
    'a.yaml': object('Deployment', 'd', pod, 'apps/v1'),
    'b.yaml': object('Custom', 'c', 'spec: {deep: [{containers: [{image: a}]}]}\n', 'example.org/v1'),
    'c.yaml': object('Secret', 's', 'stringData: {containers: "[{image: hidden}]"}\ncontainers: [{image: hidden}]\n'),
    'd.yaml': crd('X', 'Cluster').replace('scope', 'containers: [{image: schema}], scope'),
  });
  assert.deepEqual(plan.images, ['a', 'b', 'c:1']);
});

test('secrets are sensitive: no digest that leaves depends on their values', async () => {
  const secret = (value: string) => ({
    'a.yaml': object('Secret', 's', `stringData: {p: ${value}}\n`),
    'b.yaml': configMap('c'),
  });
  const [one, two] = [await planOf(secret('one')), await planOf(secret('two'))];
  assert.deepEqual(
    one.objects.map(({ sensitive }) => sensitive),
    [true, false],
  );
  assert.notEqual(one.objects[0]!.digest, two.objects[0]!.digest);
  assert.equal(one.digest, two.digest);
});

test('the plan digest is that of what it holds', async () => {
  const base = { 'a.yaml': configMap('a'), 'b.yaml': configMap('b') };
  const digest = (await planOf(base)).digest;
  assert.equal((await planOf({ 'b.yaml': configMap('a'), 'a.yaml': configMap('b') })).digest, digest);
  assert.equal((await planOf({ 'one.yaml': `${configMap('a')}---\n${configMap('b')}` })).digest, digest);
  assert.notEqual((await planOf({ 'a.yaml': configMap('a') })).digest, digest);
  assert.notEqual((await planOf({ ...base, 'a.yaml': configMap('a', 'data: {x: y}\n') })).digest, digest);
});

test('keys of JavaScript stay keys', async () => {
  const plan = await planOf({
    'a.yaml': configMap('a', 'data: {__proto__: {x: y}, constructor: z}\n__proto__: {polluted: true}\n'),
  });
  assert.match(
    bodyText(plan),
    /"data":\{"__proto__":\{"x":"y"\},"constructor":"z"\},"__proto__":\{"polluted":true\}\}$/,
  );
});

test('a set flag ends the work', async () => {
  await assert.rejects(build(buildInput({ 'a.yaml': configMap('a') }), alreadyCancelled()), { code: 'cancelled' });
});
