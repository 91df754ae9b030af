import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import type { KubeObject } from '../../../src/shared/objects/object.ts';
import type { Rule } from '../../../tools/chart/grants.ts';
import { eventually } from '../../../tools/control-plane/eventually.ts';
import { connectAgent, tokenOf } from '../../harness/agent.ts';
import { allKinds, clusterWideRules, releaseRules, watching } from '../../harness/chart-rules.ts';
import { startFaultProxy } from '../../harness/fault-proxy.ts';
import { argsIn, type ChartValues, render } from '../../harness/helm.ts';
import { type InstalledController, startInstalled } from '../../harness/installed.ts';
import { grant } from '../../harness/remote.ts';
import {
  because,
  configMap,
  deployment,
  oneStage,
  type Scene,
  startScene,
  succeeded,
  succeededWith,
} from '../../harness/scene.ts';
import { allAsked, forbidden } from '../../harness/sent-requests.ts';

const release = 'stageset-controller';
const everyVerb = ['get', 'list', 'watch', 'create', 'patch', 'delete'];
const roles = ['ServiceAccount', 'ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'];

/** What tests apply here: what the controller reads in any case has to have a right of its own. */
const watchedKinds = [
  { apiGroups: [''], resources: ['configmaps'] },
  { apiGroups: ['apps'], resources: ['deployments'] },
];

/** A controller with exactly the rights that the chart gives it. */
async function install(
  t: TestContext,
  scene: Scene,
  values: ChartValues,
  { change = (rule) => rule, through = async (kubeconfig) => kubeconfig }: InstallWishes = {},
): Promise<Installed> {
  const { api, namespace } = scene;
  const objects = await render({ rbac: { watchedKinds }, ...values }, { namespace });
  const installed = objects.filter(({ kind }) => [...roles, 'ValidatingWebhookConfiguration'].includes(kind));
  for (const object of installed) await api.apply(changed(object, change));
  const controller = await startInstalled(scene, release, argsIn(objects), { through });
  t.after(() => controller[Symbol.asyncDispose]());
  return { controller, rights: installed.filter(({ kind }) => kind.endsWith('Role')) as unknown as readonly Role[] };
}

interface InstallWishes {
  readonly change?: (rule: Rule) => Rule;
  readonly through?: (kubeconfig: string) => Promise<string>;
}

interface Installed {
  readonly controller: InstalledController;
  readonly rights: readonly Role[];
}

/**
 * An API server that has a list of its own to each watch, as before Kubernetes 1.34, and on which somebody else has
 * written to each new StageSet's status meanwhile: both are nothing that the controller asks for by itself.
 */
async function oldAndBusy(t: TestContext, scene: Scene, kubeconfig: string): Promise<string> {
  const proxy = await startFaultProxy({ plane: scene.plane, controllerKubeconfig: kubeconfig });
  t.after(() => proxy[Symbol.asyncDispose]());
  const conflicts = new Set<string>();
  proxy.disturb(({ kind, path, streamsList }) => {
    if (streamsList) return { is: 'answered', status: 422 };
    if (kind !== 'write' || !path.endsWith('/status') || conflicts.has(path)) return { is: 'none' };
    conflicts.add(path);
    return { is: 'answered', status: 409 };
  });
  return proxy.kubeconfigPath;
}

interface Role extends KubeObject {
  readonly rules: readonly Rule[];
}

interface Configuration extends KubeObject {
  readonly webhooks: readonly object[];
}

/** No pod is behind the webhook here: nobody is to wait for it. */
function changed(object: KubeObject, change: (rule: Rule) => Rule): KubeObject {
  if (object.kind.endsWith('Role')) {
    const { rules } = object as Role;
    return { ...object, rules: rules.map(change).filter(({ verbs }) => verbs.length > 0) } as KubeObject;
  }
  if (object.kind !== 'ValidatingWebhookConfiguration') return object;
  const { webhooks } = object as Configuration;
  return { ...object, webhooks: webhooks.map((each) => ({ ...each, failurePolicy: 'Ignore' })) } as KubeObject;
}

/** What a controller does in its own name, all of it. */
async function lives(t: TestContext, scene: Scene, controller: InstalledController): Promise<void> {
  const { api, namespace } = scene;
  await grant(api, namespace, 'deployer', [
    { resources: ['configmaps'], verbs: everyVerb },
    { group: 'apps', resources: ['deployments'], verbs: everyVerb },
  ]);
  await api.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'deployer', namespace } });
  const deploys = { ...oneStage('app'), serviceAccountName: 'deployer' };
  await scene.publish('app', [configMap('a'), configMap('b'), deployment('web')]);
  await scene.roll('app', deploys);
  await scene.settled('app', succeeded);
  await api.delete(scene.ref('ConfigMap', 'a'));
  await eventually(async () => assert.ok(await scene.find('ConfigMap', 'a')));
  await scene.settled('app', succeededWith(await scene.publish('app', [configMap('a')])));

  await scene.roll('stuck', oneStage('none'));
  await scene.settled('stuck', because('ArtifactNotFound'));
  const token = await tokenOf(scene, 'agent');
  await grant(api, namespace, 'agent', [{ group: 'stages.metio.wtf', resources: ['stagesets'], verbs: ['patch'] }]);
  const agent = await connectAgent(t, controller, token);
  for (const [tool, reason] of [
    ['suspend_stageset', 'Suspended'],
    ['resume_stageset', 'ArtifactNotFound'],
  ] as const) {
    const { isError, text } = await agent.call(tool, { namespace, name: 'stuck' });
    assert.ok(!isError, text);
    await scene.settled('stuck', because(reason));
  }
  // What it said before the suspension, it says again: that is counted on the event that is there.
  await eventually(async () => assert.ok((await used(scene, controller)).has('patch events')));
  for (const name of ['app', 'stuck']) {
    await scene.remove(name);
    await scene.gone(name);
  }
}

/** `patch events`, as far as the server let it; what it asked as a tenant is left out. */
async function used({ plane }: Scene, { user }: InstalledController): Promise<ReadonlySet<string>> {
  const asked = (await allAsked(plane.auditLogPath ?? '')).filter((each) => each.user === user);
  const own = asked.filter(({ as, code }) => as === undefined && code < 400);
  return new Set([
    ...own.map(({ verb, resource }) => `${verb} ${resource}`),
    ...(asked.some(({ as, code }) => as !== undefined && code < 400) ? ['impersonate serviceaccounts'] : []),
  ]);
}

async function refusedTo({ plane }: Scene, { user }: InstalledController): Promise<readonly string[]> {
  return forbidden(plane.auditLogPath ?? '', new Set([user]));
}

function idle(rights: readonly Role[], used: ReadonlySet<string>): readonly string[] {
  const granted = rights.flatMap(({ rules }) =>
    rules.flatMap(({ resources, verbs }) =>
      resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}`)),
    ),
  );
  return granted.filter((right) => !used.has(right) && !(right in elsewhere));
}

/** Rights that leave no such line in the audit log, whoever has them, and why. */
const elsewhere: Readonly<Record<string, string>> = {
  'create stageinventories': 'an apply that creates is a patch in the log: see below',
  'update stagesets/finalizers': 'admission asks for it: see below',
};

/** Leases are renewed, and certificates looked after, in their own time. */
async function allUsed(scene: Scene, controller: InstalledController, rights: readonly Role[]): Promise<void> {
  await eventually(async () => assert.deepEqual(idle(rights, await used(scene, controller)), []));
}

const changing = { mcp: { enabled: true, allowMutations: true } };

test('all that the chart grants is used, and nothing else is asked for', async (t) => {
  const scene = await startScene(t);
  const { controller, rights } = await install(t, scene, changing, {
    through: (kubeconfig) => oldAndBusy(t, scene, kubeconfig),
  });
  await lives(t, scene, controller);
  assert.deepEqual(await refusedTo(scene, controller), []);
  await allUsed(scene, controller, rights);
});

test('the same for a controller of some namespaces that asks for tokens', async (t) => {
  const scene = await startScene(t);
  const { namespace } = scene;
  const values = { ...changing, controller: { watchNamespaces: [namespace], tenantAuth: 'token' } };
  const { controller, rights } = await install(t, scene, values, {
    through: (kubeconfig) => oldAndBusy(t, scene, kubeconfig),
  });
  await lives(t, scene, controller);
  // Which cluster this is it may not know; it goes by the server's address then.
  assert.deepEqual(await refusedTo(scene, controller), ['get namespaces kube-system']);
  await allUsed(scene, controller, rights);
});

for (const [verb, resource] of [
  ['create', 'stageinventories'],
  ['update', 'stagesets/finalizers'],
] as const) {
  test(`without the right to ${verb} ${resource} no inventory is written`, async (t) => {
    const scene = await startScene(t);
    await install(
      t,
      scene,
      { webhook: { enabled: false } },
      {
        change: (rule) =>
          rule.resources.includes(resource) ? { ...rule, verbs: rule.verbs.filter((each) => each !== verb) } : rule,
      },
    );
    await scene.publish('app', [configMap('a')]);
    await scene.roll('app', { ...oneStage('app'), serviceAccountName: 'deployer' });
    const { message } = await scene.settled('app', ({ status }) => status === 'False');
    assert.match(message, /forbidden|may not|grant/i);
  });
}

test('the controller of all other tests has what the chart grants by default, with MCP and without the webhook', async () => {
  const objects = await render({ ...changing, webhook: { enabled: false } });
  const rulesOf = (kind: string) =>
    objects.filter((each) => each.kind === kind).flatMap((each) => (each as Role).rules);
  assert.deepEqual(inOneOrder(rulesOf('ClusterRole')), inOneOrder([...clusterWideRules, ...watching(allKinds)]));
  assert.deepEqual(inOneOrder(rulesOf('Role')), inOneOrder(releaseRules));
});

function inOneOrder(rules: readonly Rule[]): readonly string[] {
  return rules.map(({ apiGroups, resources, verbs }) => JSON.stringify({ apiGroups, resources, verbs })).toSorted();
}
