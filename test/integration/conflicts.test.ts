import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import type { ConflictPolicy, Stage } from '../../src/shared/api/types.ts';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import type { ObjectRef } from '../../tools/control-plane/kube-api.ts';
import type { Published } from '../../tools/publisher/publisher.ts';
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

function job(name: string, image: string): Manifest {
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'app', image }] } };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, spec: { template } };
}

function claim(name: string, storageClassName: string): Manifest {
  const spec = { accessModes: ['ReadWriteOnce'], storageClassName, resources: { requests: { storage: '1Gi' } } };
  return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name }, spec };
}

function binding(name: string, role: string): Manifest {
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: role };
  return { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', metadata: { name }, roleRef, subjects: [] };
}

/** Rolls out one version and publishes the next. */
async function change(
  scene: Scene,
  stage: Partial<Stage>,
  [before, after]: readonly [readonly Manifest[], readonly Manifest[]],
): Promise<Published> {
  await scene.controller();
  await scene.publish('app', before);
  await scene.roll('app', oneStage('app', stage));
  await scene.settled('app', succeeded);
  return scene.publish('app', after);
}

function refTo({ namespace }: Scene, { apiVersion, kind, metadata }: Manifest): ObjectRef {
  const { name } = metadata as { readonly name: string };
  return { apiVersion: String(apiVersion), kind: String(kind), namespace, name };
}

describe('conflict policy', { concurrency: 4 }, () => {
  const jobs = [[job('once', 'example/a:1')], [job('once', 'example/a:2')]] as const;
  const recreateJobs: ConflictPolicy = { rules: [{ target: { kind: 'Job' }, action: 'Recreate' }] };

  test('Fail, the default, names object and field, and nothing of the stage is written', async (t) => {
    const scene = await startScene(t);
    await change(scene, {}, [
      [...jobs[0], configMap('a', { version: '1' })],
      [...jobs[1], configMap('a', { version: '2' })],
    ]);
    const { message } = await scene.settled('app', because('StageFailed'));
    const once = `Job ${scene.namespace}/once`;
    assert.equal(
      message,
      `stage "app" failed: apply: ${once}: immutable and changed: spec.template (conflict policy Fail)`,
    );
    assert.deepEqual((await scene.find<{ data: object }>('ConfigMap', 'a'))?.data, { version: '1' });
  });

  const recreating: Readonly<Record<string, Partial<Stage>>> = {
    'a rule': { conflictPolicy: recreateJobs },
    'the default': { conflictPolicy: { default: 'Recreate' } },
    force: { force: true },
  };
  for (const [what, stage] of Object.entries(recreating)) {
    test(`Recreate by ${what}: gone, then there anew; what can be changed in place stays`, async (t) => {
      const scene = await startScene(t);
      const job = refTo(scene, jobs[0][0]!);
      const published = await change(scene, stage, [
        [...jobs[0], configMap('a', { version: '1' })],
        [...jobs[1], configMap('a', { version: '2' })],
      ]);
      await scene.settled('app', succeededWith(published));
      const now = await scene.api.get<JobObject>(job);
      assert.equal(now.spec.template.spec.containers[0]?.image, 'example/a:2');
      assert.deepEqual((await scene.find<{ data: object }>('ConfigMap', 'a'))?.data, { version: '2' });
      const deletions = (await scene.requests()).filter(({ verb }) => verb === 'delete');
      assert.deepEqual(
        deletions.map(({ resource, name }) => `${resource} ${name}`),
        ['jobs once'],
      );
      assert.deepEqual(await scene.ownedBy('app'), ['ConfigMap/a', 'Job/once']);
    });
  }

  test('the first rule that matches decides', async (t) => {
    const scene = await startScene(t);
    const conflictPolicy: ConflictPolicy = {
      default: 'Recreate',
      rules: [
        { target: { apiVersion: 'rbac.authorization.k8s.io/v1', name: 'kept' }, action: 'KeepExisting' },
        { target: { kind: 'RoleBinding', namespace: 'elsewhere' }, action: 'Fail' },
      ],
    };
    const published = await change(scene, { conflictPolicy }, [
      [binding('kept', 'a'), binding('recreated', 'a')],
      [binding('kept', 'b'), binding('recreated', 'b')],
    ]);
    await scene.settled('app', succeededWith(published));
    const roles = await Promise.all(
      ['kept', 'recreated'].map((name) => scene.api.get<Binding>(refTo(scene, binding(name, '')))),
    );
    assert.deepEqual(
      roles.map(({ roleRef }) => roleRef.name),
      ['a', 'b'],
    );
  });

  test('an object whose successor would be refused is not deleted', async (t) => {
    const scene = await startScene(t);
    const broken = job('once', 'example/a:2') as { readonly spec: object };
    await change(scene, { conflictPolicy: recreateJobs }, [
      jobs[0],
      [{ ...broken, spec: { ...broken.spec, parallelism: -1 } } as Manifest],
    ]);
    const { message } = await scene.settled('app', because('StageFailed'));
    assert.match(message, /Job \S+\/once: .*spec\.parallelism/);
    assert.deepEqual(
      (await scene.requests()).filter(({ verb }) => verb === 'delete'),
      [],
    );
  });

  test('an object that a finalizer holds is waited for, no longer than the stage has time', async (t) => {
    const scene = await startScene(t);
    const ref = refTo(scene, jobs[0][0]!);
    const stage = { force: true, timeout: '3s' };
    const published = await change(scene, stage, jobs);
    await scene.settled('app', succeededWith(published));
    await scene.api.patch(ref, { metadata: { finalizers: ['example.test/hold'] } });
    const next = await scene.publish('app', [job('once', 'example/a:3')]);
    const { message } = await scene.settled('app', because('StageFailed'));
    assert.match(message, /apply: time is up, and some of these are still being deleted: Job \S+\/once$/);
    const { uid } = (await scene.api.get(ref)).metadata;
    await scene.api.patch(ref, { metadata: { finalizers: null } });
    // Its going may wake the StageSet: the next may be there already.
    await eventually(async () => assert.notEqual((await scene.api.find(ref))?.metadata.uid, uid));
    await scene.annotate('app', { 'reconcile.fluxcd.io/requestedAt': 'now' });
    await scene.settled('app', succeededWith(next));
  });

  const guarded: Readonly<Record<string, Partial<Stage>>> = {
    force: { force: true },
    'default: Recreate': { conflictPolicy: { default: 'Recreate' } },
    'a rule that names no kind': { conflictPolicy: { rules: [{ target: { name: 'data' }, action: 'Recreate' }] } },
  };
  for (const [what, stage] of Object.entries(guarded)) {
    test(`a volume is not recreated by ${what}`, async (t) => {
      const scene = await startScene(t);
      await change(scene, { ...stage, readyChecks: { disableWait: true } }, [
        [claim('data', 'a')],
        [claim('data', 'b')],
      ]);
      const { message } = await scene.settled('app', because('StageFailed'));
      assert.match(
        message,
        /PersistentVolumeClaim \S+\/data: immutable and changed: spec; not recreated, .*allowDataLoss/,
      );
      const { metadata } = await scene.api.get(refTo(scene, claim('data', '')));
      assert.equal(metadata.deletionTimestamp, undefined);
    });
  }

  test('a volume is recreated by a rule that accepts the loss', async (t) => {
    const scene = await startScene(t);
    const rules = [{ target: { kind: 'PersistentVolumeClaim' }, action: 'Recreate', allowDataLoss: true }] as const;
    const published = await change(scene, { conflictPolicy: { rules }, readyChecks: { disableWait: true } }, [
      [claim('data', 'a')],
      [claim('data', 'b')],
    ]);
    await scene.settled('app', succeededWith(published));
    const { spec } = await scene.api.get<Claim>(refTo(scene, claim('data', '')));
    assert.equal(spec.storageClassName, 'b');
  });

  const keepAll: Partial<Stage> = { conflictPolicy: { default: 'KeepExisting' } };

  test('KeepExisting beside an autoscaler: neither fought nor counted as drift', async (t) => {
    const scene = await startScene(t);
    const controller = await scene.controller();
    await scene.publish('app', [deployment('web', { replicas: 1 })]);
    await scene.roll('app', oneStage('app', keepAll));
    await scene.atRest('app');
    const scale = (replicas: number) =>
      scene.api.patch(
        scene.ref('Deployment', 'web'),
        { spec: { replicas } },
        { subresource: 'scale', fieldManager: 'horizontal-pod-autoscaler' },
      );
    const patches = async () =>
      (await scene.requests()).filter(({ verb, resource }) => verb === 'patch' && resource === 'deployments').length;
    await scale(2);
    await eventually(() =>
      assert.ok(runsOf(controller.log, scene) >= 2, 'the first time our field is lost is looked into'),
    );
    await setTimeout(500);
    const before = await patches();
    for (const replicas of [3, 2]) {
      await scale(replicas);
      await setTimeout(500);
    }
    assert.equal(await patches(), before, 'from then on it is known whose the field is');
    const web = await scene.api.get<DeploymentObject>(scene.ref('Deployment', 'web'));
    assert.equal(web.spec.replicas, 2);
    assert.equal(ownerOfReplicas(web), 'horizontal-pod-autoscaler');
    assert.ok(!(await scene.events('app')).some(({ reason }) => reason === 'DriftCorrected'));
    await scene.settled('app', succeeded);

    const without = deployment('web', { image: 'example/app:2' }) as { readonly spec: object };
    const released = { ...without, spec: { ...without.spec, replicas: undefined } };
    const next = await scene.publish('app', [JSON.parse(JSON.stringify(released))]);
    await scene.settled('app', succeededWith(next));
    const updated = await scene.api.get<DeploymentObject>(scene.ref('Deployment', 'web'));
    assert.equal(updated.spec.template.spec.containers[0]?.image, 'example/app:2');
    assert.equal(updated.spec.replicas, 2, 'an artifact that does not name the field leaves it');
  });

  test('KeepExisting: another manager’s object stays as it is, is not waited for, and an absent one is created', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    const theirs = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: scene.namespace } };
    await scene.api.apply({ ...theirs, data: { key: 'theirs' } }, { fieldManager: 'somebody' });
    await scene.publish('app', [configMap('a', { key: 'ours' }), configMap('b')]);
    await scene.roll('app', oneStage('app', keepAll));
    await scene.settled('app', succeeded);
    assert.deepEqual((await scene.find<{ data: object }>('ConfigMap', 'a'))?.data, { key: 'theirs' });
    assert.deepEqual(await scene.ownedBy('app'), ['ConfigMap/b']);
    await scene.remove('app');
    await scene.gone('app');
    assert.ok(await scene.find('ConfigMap', 'a'));
  });

  test('KeepExisting: an immutable field that changed leaves the live object, and a steady run asks nothing', async (t) => {
    const scene = await startScene(t);
    const published = await change(scene, keepAll, jobs);
    await scene.settled('app', succeededWith(published));
    const { spec } = await scene.api.get<JobObject>(refTo(scene, jobs[0][0]!));
    assert.equal(spec.template.spec.containers[0]?.image, 'example/a:1');
    const inventory = await scene.api.list<{ spec: { entries: readonly { id: string; p?: string }[] } } & KubeObject>(
      'stages.metio.wtf/v1',
      'StageInventory',
      { namespace: scene.namespace },
    );
    assert.equal(inventory[0]?.spec.entries.length, 1);
    const before = (await scene.requests()).length;
    await scene.annotate('app', { 'reconcile.fluxcd.io/requestedAt': 'now' });
    await eventually(async () => assert.equal((await scene.read('app')).status?.lastHandledReconcileAt, 'now'));
    const sent = (await scene.requests()).slice(before).map(({ verb, resource }) => `${verb} ${resource}`);
    assert.deepEqual(
      sent.filter((each) => each.includes('jobs')),
      [],
    );
  });
});

function runsOf(log: string, { namespace }: Scene): number {
  return log.split('\n').filter((line) => line.includes('"run ended"') && line.includes(`${namespace}/`)).length;
}

function ownerOfReplicas({ metadata }: DeploymentObject): string | undefined {
  return metadata.managedFields?.find(({ fieldsV1 }) => JSON.stringify(fieldsV1).includes('"f:replicas"'))?.manager;
}

interface JobObject extends KubeObject {
  readonly spec: {
    readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } };
  };
}

interface Binding extends KubeObject {
  readonly roleRef: { readonly name: string };
}

interface Claim extends KubeObject {
  readonly spec: { readonly storageClassName: string };
}

interface DeploymentObject extends KubeObject {
  readonly spec: JobObject['spec'] & { readonly replicas: number };
}
