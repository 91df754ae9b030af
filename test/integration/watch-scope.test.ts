import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keys } from '../../src/shared/labels.ts';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { scopedRules } from '../harness/chart-rules.ts';
import { startWithin } from '../harness/default-install.ts';
import { grant } from '../harness/remote.ts';
import {
  because,
  configMap,
  deployment,
  oneStage,
  type Scene,
  startScene,
  succeeded,
  succeededWith,
} from '../harness/scene.ts';
import { allAsked } from '../harness/sent-requests.ts';

const everyVerb = ['get', 'list', 'watch', 'create', 'patch', 'delete'];
const deploysAs = (source: string) => ({ ...oneStage(source), serviceAccountName: 'deployer' });

/** The account that the StageSets of `scene` name may deploy there. */
function letDeploy({ api, namespace }: Scene): Promise<void> {
  return grant(api, namespace, 'deployer', [
    { resources: ['configmaps'], verbs: everyVerb },
    { group: 'apps', resources: ['deployments'], verbs: everyVerb },
  ]);
}

async function rollsOutMendsPrunesAndTearsDown(scene: Scene): Promise<void> {
  await letDeploy(scene);
  await scene.publish('app', [configMap('a'), configMap('b'), deployment('web')]);
  await scene.roll('app', deploysAs('app'));
  await scene.settled('app', succeeded);
  assert.deepEqual(await scene.ownedBy('app'), ['ConfigMap/a', 'ConfigMap/b', 'Deployment/web']);
  await scene.api.delete(scene.ref('ConfigMap', 'a'));
  await eventually(async () => assert.ok(await scene.find('ConfigMap', 'a')));
  await scene.settled('app', succeededWith(await scene.publish('app', [configMap('a')])));
  assert.deepEqual(await scene.ownedBy('app'), ['ConfigMap/a']);
  await scene.remove('app');
  await scene.gone('app');
  assert.deepEqual(await scene.ownedBy('app'), []);
}

/** What the account may do beyond its namespace: one namespace more, and PriorityClasses. */
async function letReachOut({ api, namespace }: Scene, outside: string): Promise<void> {
  const subjects = [{ kind: 'ServiceAccount', name: 'deployer', namespace }];
  const rbac = { apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { name: namespace } };
  const rules = [
    { apiGroups: ['scheduling.k8s.io'], resources: ['priorityclasses'], verbs: everyVerb },
    { apiGroups: [''], resources: ['namespaces'], verbs: ['get'] },
  ];
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: namespace };
  await api.create({ ...rbac, kind: 'ClusterRole', rules } as KubeObject);
  await api.create({ ...rbac, kind: 'ClusterRoleBinding', roleRef, subjects } as KubeObject);
  const inOutside = { ...rbac, metadata: { name: namespace, namespace: outside } };
  const configMaps = [{ apiGroups: [''], resources: ['configmaps'], verbs: everyVerb }];
  await api.create({ ...inOutside, kind: 'Role', rules: configMaps } as KubeObject);
  await api.create({
    ...inOutside,
    kind: 'RoleBinding',
    roleRef: { ...roleRef, kind: 'Role' },
    subjects,
  } as KubeObject);
}

async function reachesOutAsTheTenant(scene: Scene, outside: string): Promise<void> {
  await letDeploy(scene);
  await letReachOut(scene, outside);
  const far = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'far', namespace: outside }, data: { a: 'b' } };
  const urgent = { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: outside }, value: 7 };
  const farRef = { apiVersion: 'v1', kind: 'ConfigMap', namespace: outside, name: 'far' };
  const urgentRef = { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', name: outside };
  await scene.publish('wide', [configMap('near'), far, urgent]);
  await scene.roll('wide', deploysAs('wide'));
  await scene.settled('wide', succeeded);
  assert.ok(await scene.api.find(farRef));

  await scene.api.delete(farRef);
  await scene.annotate('wide', { [keys.requestedAt]: 'mend' });
  await scene.settled('wide', (_, { status }) => status?.lastHandledReconcileAt === 'mend');
  assert.ok(await scene.api.find(farRef), 'mended by the next run');

  await scene.settled('wide', succeededWith(await scene.publish('wide', [configMap('near'), far])));
  assert.equal(await scene.api.find(urgentRef), undefined, 'pruned');
  await scene.remove('wide');
  await scene.gone('wide');
  assert.equal(await scene.api.find(farRef), undefined, 'torn down');
}

async function namesWhatItDoesNotWatch(scene: Scene, outside: string): Promise<void> {
  const sourceRef = { name: 'there', namespace: outside };
  await scene.roll('source', { ...oneStage(''), stages: [{ name: 'app', sourceRef }] });
  await scene.roll('dependent', { ...oneStage('none'), dependsOn: [{ name: 'there', namespace: outside }] });
  assert.equal(
    (await scene.settled('source', because('ResolveFailed'))).message,
    `cross-namespace ExternalArtifact "there" is not reachable: this controller does not watch namespace "${outside}" (--watch-namespaces)`,
  );
  assert.equal(
    (await scene.settled('dependent', because('DependencyNotReady'))).message,
    `waiting for StageSet "${outside}/there" which is in a namespace that this controller does not watch (--watch-namespaces)`,
  );
}

test('a controller that watches two namespaces needs Roles there and nothing else', { concurrency: 4 }, async (t) => {
  const [one, two, outside] = [await startScene(t), await startScene(t), await startScene(t)];
  await outside.publish('there', [configMap('there')]);
  await outside.roll('there', oneStage('there'));
  const auditLog = one.plane.auditLogPath ?? '';
  const before = (await allAsked(auditLog)).length; // of controllers that other test files had on this plane
  await startWithin(one, [one.namespace, two.namespace], scopedRules);

  await Promise.all([
    t.test('a whole life in the one', () => rollsOutMendsPrunesAndTearsDown(one)),
    t.test('and in the other', () => rollsOutMendsPrunesAndTearsDown(two)),
    t.test('what is put elsewhere is looked after as the tenant', () => reachesOutAsTheTenant(one, outside.namespace)),
    t.test('what leads elsewhere is refused by name', () => namesWhatItDoesNotWatch(two, outside.namespace)),
  ]);

  const { metadata, status } = await outside.read('there');
  assert.deepEqual([metadata.finalizers, status], [undefined, undefined], 'a StageSet elsewhere is left alone');

  const asked = (await allAsked(auditLog)).slice(before);
  const watched = new Set(asked.filter(({ verb }) => verb === 'watch').map(({ namespace }) => namespace));
  assert.deepEqual(watched, new Set([one.namespace, two.namespace]));
  const own = asked.filter(({ as }) => as === undefined);
  assert.deepEqual(
    own.filter(({ verb, namespace }) => verb === 'list' && namespace === ''),
    [],
  );
  // Which cluster this is: its address says it as well, where the UID may not be read.
  const refused = asked
    .filter(({ code }) => code === 403)
    .map(({ verb, resource, name }) => `${verb} ${resource} ${name}`);
  assert.deepEqual(refused, ['get namespaces kube-system']);
});
