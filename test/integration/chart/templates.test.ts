import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { KubeObject } from '../../../src/shared/objects/object.ts';
import { installCrds } from '../../../tools/control-plane/crds.ts';
import type { KubeApi } from '../../../tools/control-plane/kube-api.ts';
import { type DeploymentObject, deploymentIn, namesIn, render } from '../../harness/helm.ts';
import { startScene } from '../../harness/scene.ts';
import { ruleGroup, shippedAlerts } from '../../support/alert-rules.ts';
import { type Choices, combinations } from './combinations.ts';

const alerts = await shippedAlerts();
const otherKinds = join(import.meta.dirname, 'testdata', 'other-kinds.yaml');

test('any two choices together render what the API server takes, as it is meant', async (t) => {
  const { api, namespace } = await startScene(t);
  await installCrds(api, [otherKinds]);
  for (const team of ['team-a', 'team-b']) await makeNamespace(api, team);
  const taken = new Set<string>();
  for (const { choices, values } of combinations()) {
    const told = JSON.stringify(choices);
    const objects = await render(values, { namespace });
    for (const object of objects) {
      const text = JSON.stringify(object);
      if (taken.has(text)) continue;
      await tryOut(api, object).catch((cause: unknown) => {
        throw new Error(`${told}: ${object.kind} ${object.metadata.name}`, { cause });
      });
      taken.add(text);
    }
    for (const law of laws) law({ objects, choices, deployment: deploymentIn(objects), told });
  }
});

/** A dry run that knows no unknown fields. */
async function tryOut(api: KubeApi, object: KubeObject): Promise<void> {
  const plurals: Readonly<Record<string, string>> = {
    NetworkPolicy: 'networkpolicies',
  };
  const plural = plurals[object.kind] ?? `${object.kind.toLowerCase()}s`;
  const { apiVersion, metadata } = object;
  const base = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const where = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`;
  await api.send('PATCH', `${base}${where}/${plural}/${metadata.name}`, {
    query: { dryRun: 'All', fieldValidation: 'Strict', fieldManager: 'test', force: 'true' },
    body: object,
    contentType: 'application/apply-patch+yaml',
  });
}

async function makeNamespace(api: KubeApi, name: string): Promise<void> {
  await api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
}

interface Rendered {
  readonly objects: readonly KubeObject[];
  readonly choices: Choices;
  readonly deployment: DeploymentObject;
  readonly told: string;
}

/** What holds whatever is chosen. */
const laws: readonly ((rendered: Rendered) => void)[] = [
  hardenedPod,
  portsWhereServicesLook,
  rolesAsChosen,
  crdsKept,
  scaledAsChosen,
  certificateAsChosen,
  storeAsChosen,
  fencedAsChosen,
  alertsAsDescribed,
];

function hardenedPod({ deployment, told }: Rendered): void {
  const { containers, securityContext: pod } = deployment.spec.template.spec;
  const [{ securityContext, resources } = assert.fail(told)] = containers;
  assert.equal(pod.runAsNonRoot, true, told);
  assert.equal(securityContext.readOnlyRootFilesystem, true, told);
  assert.equal(securityContext.allowPrivilegeEscalation, false, told);
  assert.deepEqual(securityContext.capabilities, { drop: ['ALL'] }, told);
  assert.deepEqual(securityContext.seccompProfile, { type: 'RuntimeDefault' }, told);
  assert.deepEqual(resources.limits, resources.requests, told);
}

function portsWhereServicesLook({ objects, choices, deployment, told }: Rendered): void {
  const ports = deployment.spec.template.spec.containers[0]?.ports.map(({ name }) => name) ?? [];
  const wanted = [
    ...(choices.metrics === 'off' ? [] : ['metrics']),
    ...(choices.gate === 'off' ? [] : ['gate']),
    ...(choices.mcp === 'off' ? [] : ['mcp']),
    ...(choices.webhook === 'none' ? [] : ['webhook']),
  ];
  assert.deepEqual(ports, ['probes', ...wanted], told);
  const services = namesIn(objects, 'Service').map((name) => name.split('-').at(-1));
  assert.deepEqual(services.toSorted(), wanted.toSorted(), told);
}

interface Binding extends KubeObject {
  readonly roleRef: { readonly kind: string; readonly name: string };
  readonly subjects: readonly { readonly name: string; readonly namespace: string }[];
}

function rolesAsChosen({ objects, choices, deployment, told }: Rendered): void {
  const bindings = objects.filter(({ kind }) => kind.endsWith('RoleBinding')) as unknown as readonly Binding[];
  const main = bindings.filter(({ roleRef }) => !/-(cluster|leader-election)$/.test(roleRef.name));
  const isAdmin = choices.rights === 'admin';
  for (const { roleRef } of main) assert.equal(roleRef.name === 'cluster-admin', isAdmin, told);
  const places = main.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}`);
  const scoped = ['RoleBinding team-a', 'RoleBinding team-b'];
  assert.deepEqual(places, choices.scope === 'some' ? scoped : ['ClusterRoleBinding '], told);
  const own = objects
    .filter(({ kind }) => kind === 'Role' || kind === 'ClusterRole')
    .map(({ metadata }) => metadata.name);
  const bound = new Set(bindings.map(({ roleRef }) => roleRef.name).filter((name) => name !== 'cluster-admin'));
  assert.deepEqual([...bound].toSorted(), own.toSorted(), told);
  const { serviceAccountName } = deployment.spec.template.spec;
  for (const { subjects } of bindings)
    assert.deepEqual(
      subjects.map(({ name }) => name),
      [serviceAccountName],
      told,
    );
}

function crdsKept({ objects, choices, told }: Rendered): void {
  const crds = objects.filter(({ kind }) => kind === 'CustomResourceDefinition');
  assert.equal(crds.length, choices.crds === 'made' ? 2 : 0, told);
  for (const { metadata } of crds) assert.equal(metadata.annotations?.['helm.sh/resource-policy'], 'keep', told);
}

function scaledAsChosen({ objects, choices, deployment, told }: Rendered): void {
  const isScaled = choices.replicas === 'scaled';
  assert.equal(namesIn(objects, 'HorizontalPodAutoscaler').length, Number(isScaled), told);
  assert.equal(namesIn(objects, 'PodDisruptionBudget').length, Number(isScaled), told);
  const fixed = { three: 3, sharded: 2, unelected: 1 }[choices.replicas];
  assert.equal(deployment.spec.replicas, fixed, told);
  const alone = choices.replicas === 'unelected';
  assert.equal(deployment.spec.strategy.type, alone ? 'Recreate' : 'RollingUpdate', told);
}

function certificateAsChosen({ objects, choices, told }: Rendered): void {
  const byCertManager = choices.webhook === 'certManager' || choices.webhook === 'issued';
  assert.equal(namesIn(objects, 'Certificate').length, Number(byCertManager), told);
  assert.equal(namesIn(objects, 'Issuer').length, Number(choices.webhook === 'certManager'), told);
  assert.equal(namesIn(objects, 'ValidatingWebhookConfiguration').length, Number(choices.webhook !== 'none'), told);
}

function storeAsChosen({ objects, choices, deployment, told }: Rendered): void {
  assert.equal(namesIn(objects, 'PersistentVolumeClaim').length, Number(choices.rollback === 'made'), told);
  const onVolume = choices.rollback === 'made' || choices.rollback === 'claimed';
  assert.equal(deployment.spec.template.spec.securityContext.fsGroup, onVolume ? 65_532 : undefined, told);
}

function fencedAsChosen({ objects, choices, told }: Rendered): void {
  const [policy] = objects.filter(({ kind }) => kind === 'NetworkPolicy') as unknown as readonly NetworkPolicy[];
  assert.equal(policy === undefined, choices.network === 'open', told);
  if (policy === undefined) return;
  const { policyTypes, ingress } = policy.spec;
  assert.deepEqual(policyTypes, ['Ingress'], told);
  assert.deepEqual(
    ingress.map(({ ports }) => ports[0]?.port),
    [
      ...(choices.webhook === 'none' ? [] : [9_443]),
      ...(choices.metrics === 'off' ? [] : [8_080]),
      ...(choices.gate === 'off' ? [] : [8_082]),
      ...(choices.mcp === 'off' ? [] : [8_084]),
    ],
    told,
  );
  const closed = ingress.filter(({ from }) => from !== undefined).length;
  const hasPeers = ['gate', 'metrics', 'mcp'].filter((what) => choices[what as 'gate'] !== 'off').length;
  assert.equal(closed, choices.network === 'peered' ? hasPeers : 0, told);
}

/** Prometheus itself has tried what `ruleGroup` makes of them: `dashboard.test.ts`. */
function alertsAsDescribed({ objects, choices, deployment, told }: Rendered): void {
  const [rule] = objects.filter(({ kind }) => kind === 'PrometheusRule') as unknown as readonly PrometheusRule[];
  assert.equal(rule === undefined, choices.alerts === 'off', told);
  if (rule === undefined) return;
  const { name, namespace = '' } = deployment.metadata;
  const tuned = { reconcileErrors: '0.5', workqueueDepth: '2000000', podDown: '1h' };
  const values = { name, namespace, ...(choices.alerts === 'tuned' ? tuned : {}) };
  const shipped = ruleGroup(name, alerts, { values }).rules as readonly AlertRule[];
  const wanted = shipped.map(({ labels, annotations: { runbook_url, ...annotations }, ...alert }) =>
    choices.alerts === 'tuned'
      ? {
          ...alert,
          labels: { ...labels, team: 'platform' },
          annotations: {
            ...annotations,
            runbook_url: runbook_url.replace('runbooks.test', 'runbooks.example/stageset'),
          },
        }
      : { ...alert, labels, annotations },
  );
  const [{ rules } = assert.fail(told)] = rule.spec.groups;
  assert.deepEqual(rules.slice(0, wanted.length), wanted, told);
  assert.equal(rules.length, wanted.length + Number(choices.alerts === 'tuned'), told);
}

interface AlertRule {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>> & { readonly runbook_url: string };
}

interface PrometheusRule extends KubeObject {
  readonly spec: { readonly groups: readonly { readonly rules: readonly object[] }[] };
}

interface NetworkPolicy extends KubeObject {
  readonly spec: {
    readonly policyTypes: readonly string[];
    readonly ingress: readonly { readonly from?: object; readonly ports: readonly { readonly port: number }[] }[];
  };
}
