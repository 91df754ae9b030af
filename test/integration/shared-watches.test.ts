import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { impersonation, ownRules } from '../harness/chart-rules.ts';
import { startWithRights } from '../harness/default-install.ts';
import { grant } from '../harness/remote.ts';
import {
  because,
  configMap,
  deployment,
  type Manifest,
  oneStage,
  type Scene,
  startScene,
  succeeded,
  succeededWith,
} from '../harness/scene.ts';
import { CANARY } from '../support/canary.ts';

let starting: Promise<unknown> | undefined;

/** The controller may watch ConfigMaps and Deployments, not Secrets. */
async function startRestricted(scene: Scene): Promise<void> {
  starting ??= startWithRights(scene, [...ownRules, impersonation]);
  await starting;
}

const secret: Manifest = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, stringData: { a: CANARY } };
const applies = ['get', 'list', 'create', 'patch', 'delete'];
const deploysAs = (source: string) => ({ ...oneStage(source), serviceAccountName: 'deployer' });

async function asked(scene: Scene, verb: string): Promise<readonly string[]> {
  return (await scene.requests()).filter((request) => request.verb === verb).map(({ resource }) => resource);
}

describe('shared watches', { concurrency: 4 }, () => {
  test('who may watch is served by them: nothing is listed, and drift is noticed', async (t) => {
    const scene = await startScene(t);
    await startRestricted(scene);
    await grant(scene.api, scene.namespace, 'deployer', [{ resources: ['configmaps'], verbs: [...applies, 'watch'] }]);
    await scene.publish('app', [configMap('a')]);
    await scene.roll('app', deploysAs('app'));
    await scene.settled('app', succeeded);
    await scene.api.delete(scene.ref('ConfigMap', 'a'));
    await eventually(async () => assert.ok(await scene.find('ConfigMap', 'a')));
    assert.deepEqual(await asked(scene, 'list'), []);
  });

  test('who may not watch is served by lists of their own: prints, readiness, prune and teardown', async (t) => {
    const scene = await startScene(t);
    await startRestricted(scene);
    await grant(scene.api, scene.namespace, 'deployer', [
      { resources: ['configmaps'], verbs: applies },
      { group: 'apps', resources: ['deployments'], verbs: applies },
    ]);
    await scene.publish('app', [configMap('a'), configMap('b'), deployment('web')]);
    await scene.roll('app', deploysAs('app'));
    await scene.atRest('app');
    assert.equal(
      (await scene.find<{ status: { availableReplicas: number } } & Manifest>('Deployment', 'web'))?.status
        .availableReplicas,
      1,
    );

    const before = (await scene.requests()).length;
    await scene.annotate('app', { 'reconcile.fluxcd.io/requestedAt': 'now' });
    await scene.settled('app', (_, { status }) => status?.lastHandledReconcileAt === 'now');
    const steady = (await scene.requests()).slice(before).filter(({ resource }) => !resource.startsWith('stagesets'));
    assert.deepEqual(steady.map(({ verb, resource }) => `${verb} ${resource}`).toSorted(), [
      'list configmaps',
      'list deployments',
    ]);

    await scene.settled('app', succeededWith(await scene.publish('app', [configMap('a')])));
    assert.deepEqual(await scene.ownedBy('app'), ['ConfigMap/a']);
    await scene.remove('app');
    await scene.gone('app');
    assert.deepEqual(await scene.ownedBy('app'), []);
  });

  test('a kind that the controller may not watch is listed as the tenant', async (t) => {
    const scene = await startScene(t);
    await startRestricted(scene);
    await grant(scene.api, scene.namespace, 'deployer', [{ resources: ['secrets'], verbs: [...applies, 'watch'] }]);
    await scene.publish('app', [secret]);
    await scene.roll('app', deploysAs('app'));
    await scene.settled('app', succeeded);
    assert.deepEqual(await scene.ownedBy('app'), ['Secret/s']);
    assert.ok((await asked(scene, 'list')).includes('secrets'));
    await scene.remove('app');
    await scene.gone('app');
  });

  test('who may do neither is told which right is missing, and whose', async (t) => {
    const scene = await startScene(t);
    await startRestricted(scene);
    await grant(scene.api, scene.namespace, 'deployer', [
      { resources: ['configmaps'], verbs: ['get', 'create', 'patch'] },
    ]);
    await scene.publish('app', [configMap('a')]);
    await scene.roll('app', deploysAs('app'));
    const ready = await scene.settled('app', because('StageFailed'));
    const user = `system:serviceaccount:${scene.namespace}:deployer`;
    assert.ok(
      ready.message.startsWith(
        `stage "app" failed: apply: configmaps is forbidden: User "${user}" cannot list resource`,
      ),
      ready.message,
    );
    assert.deepEqual(await scene.ownedBy('app'), []);
  });
});
