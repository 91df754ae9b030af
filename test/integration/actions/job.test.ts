import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Action, StageSetSpec } from '../../../src/shared/api/types.ts';
import { eventually } from '../../../tools/control-plane/eventually.ts';
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
import { byHand, endPod, job, jobsIn, startPod, theJob } from './hand-driven.ts';

const migrate: Action = { name: 'migrate', job: { sourceRef: { name: 'migrations' } } };
const migrated = (rest: Partial<Action> = {}): StageSetSpec => ({
  ...oneStage('app', { actions: { pre: [{ ...migrate, ...rest }] }, postBuild: { substitute: { release: 'v7' } } }),
  timeout: '1h',
});
const nowhere = { nodeSelector: { 'no-such': 'node' } };

/** Of Jobs, and of what is in the stage, in their order. */
async function writesOf(scene: Scene): Promise<readonly string[]> {
  const sent = await scene.requests();
  return sent
    .filter(({ verb, resource, dryRun }) => !dryRun && ['jobs', 'configmaps'].includes(resource) && verb !== 'list')
    .filter(({ verb }) => verb !== 'get')
    .map(({ verb, resource, name }) => `${verb} ${resource} ${name.replace(/-[0-9a-f]{10}$/, '')}`);
}

async function noJobsLeft(scene: Scene): Promise<void> {
  await eventually(async () => assert.deepEqual(await jobsIn(scene), []));
}

describe('job actions', { concurrency: 4 }, () => {
  test('a Job and what it needs run before their stage, once a revision; the Job goes when that is recorded', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [configMap('app')]);
    await scene.publish('migrations', [
      job('migrate', {}, { ttlSecondsAfterFinished: 0 }),
      configMap('scripts', { release: `\${release}` }),
    ]);
    await scene.roll('shop', migrated());
    await scene.atRest('shop');
    await noJobsLeft(scene);
    const once = ['patch configmaps scripts', 'patch jobs migrate', 'delete jobs migrate', 'patch configmaps app'];
    assert.deepEqual(await writesOf(scene), once);
    const [stage] = (await scene.read('shop')).status?.stages ?? [];
    assert.deepEqual(stage?.executedActions, ['migrate']);
    assert.deepEqual(await scene.ownedBy('shop'), ['ConfigMap/app']);
    const scripts = (await scene.find<{ data: object; metadata: { managedFields: { manager: string }[] } }>(
      'ConfigMap',
      'scripts',
    ))!;
    assert.deepEqual(scripts.data, { release: 'v7' });
    assert.deepEqual(
      scripts.metadata.managedFields.map(({ manager }) => manager),
      ['stageset-controller-action'],
    );

    await scene.publish('migrations', [job('migrate', { hostNetwork: true })]);
    await scene.annotate('shop', { 'reconcile.fluxcd.io/requestedAt': 'again' });
    await scene.settled('shop', (_, { status }) => status?.lastHandledReconcileAt === 'again');
    assert.deepEqual(await writesOf(scene), once);

    const second = await scene.publish('app', [configMap('app', { key: 'new' })]);
    await scene.settled('shop', succeededWith(second));
    await noJobsLeft(scene);
    assert.deepEqual((await writesOf(scene)).filter((each) => each === 'patch jobs migrate').length, 2);
    await scene.remove('shop');
    await scene.gone('shop');
    assert.ok(await scene.find('ConfigMap', 'scripts'));
  });

  test('a failed Job fails the action at once, and stays to be looked at until its source is mended', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [configMap('app')]);
    await scene.publish('migrations', [job('migrate', byHand)]);
    await scene.roll('shop', migrated());
    const { pod, job: first } = await theJob(scene);
    await endPod(scene, pod, 3);
    const ready = await scene.settled('shop', because('StageFailed'));
    assert.match(
      ready.message,
      /^stage "app" failed: pre action "migrate": failed: Job \S+\/migrate-[0-9a-f]{10} \(Job Failed\. failed: 1\/1; BackoffLimitExceeded: .*; pod \S+: container it: last end: Error, exit code 3\)$/,
    );
    assert.equal(await scene.find('ConfigMap', 'app'), undefined);
    assert.equal((await jobsIn(scene))[0]?.metadata.uid, first.metadata.uid);

    await scene.publish('migrations', [job('migrate')]);
    await scene.settled('shop', succeeded);
    await noJobsLeft(scene);
  });

  test('one whose pod never started is superseded by a source that is mended, under the same key', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [configMap('app')]);
    await scene.publish('migrations', [job('migrate', nowhere)]);
    await scene.roll('shop', migrated({ timeout: '1h' }));
    const { job: stuck } = await theJob(scene);
    await scene.publish('migrations', [job('migrate')]);
    await scene.settled('shop', succeeded);
    await noJobsLeft(scene);
    const told = await eventually(async () => {
      const event = (await scene.events('shop')).find(({ reason }) => reason === 'Superseded');
      return event ?? assert.fail('no event');
    });
    assert.match(told.note, /ExternalArtifact "migrations" has moved on from/);
    assert.deepEqual(
      new Set((await scene.requests()).filter(({ resource }) => resource === 'jobs').map(({ name }) => name)),
      new Set([stuck.metadata.name, '']),
    );
  });

  test('one that has started is let finish, and its result recorded, before what is newer begins', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    const first = await scene.publish('app', [configMap('app')]);
    await scene.publish('migrations', [job('migrate', byHand)]);
    const rolled = await scene.roll('shop', migrated({ timeout: '1h' }));
    const { job: old, pod } = await theJob(scene);
    await startPod(scene, pod);
    const second = await scene.publish('app', [configMap('app', { key: 'new' })]);
    await eventually(async () => assert.match((await scene.controller()).log, letFinish(scene)));
    assert.equal((await theJob(scene)).job.metadata.uid, old.metadata.uid);
    await endPod(scene, pod, 0);

    const { job: next, pod: nextPod } = await eventually(async () => {
      const now = await theJob(scene);
      assert.notEqual(now.job.metadata.uid, old.metadata.uid);
      return now;
    });
    assert.notEqual(next.metadata.name, old.metadata.name);
    const recorded = (await scene.versions('shop', rolled)).flatMap(({ status }) => status?.stages ?? []);
    assert.ok(
      recorded.some(
        ({ ledgerRevision, executedActions }) =>
          ledgerRevision === first.artifact.revision && executedActions?.includes('migrate'),
      ),
    );
    assert.equal(await scene.find('ConfigMap', 'app'), undefined);
    await endPod(scene, nextPod, 0);
    await scene.settled('shop', succeededWith(second));
    await noJobsLeft(scene);
  });

  test('deletion deletes a running Job, also when something newer waits for it', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [configMap('app')]);
    await scene.publish('migrations', [job('migrate', byHand)]);
    await scene.roll('shop', migrated({ timeout: '1h' }));
    await startPod(scene, (await theJob(scene)).pod);
    await scene.publish('app', [configMap('app', { key: 'new' })]);
    await eventually(async () => assert.match((await scene.controller()).log, letFinish(scene)));
    await scene.remove('shop');
    await scene.gone('shop');
    await noJobsLeft(scene);
  });

  test('time that is up ends the Job, with a word on why it hung; a failed one goes with its StageSet', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [configMap('app')]);
    await scene.publish('migrations', [job('migrate', nowhere)]);
    await scene.roll('shop', migrated({ timeout: '1s' }));
    const ready = await scene.settled('shop', because('StageFailed'));
    assert.match(
      ready.message,
      /pre action "migrate": not done within 1s, waiting for Job \S+\/migrate-[0-9a-f]{10} \(Job in progress.*; pod \S+: Unschedulable: .*\)$/,
    );
    await noJobsLeft(scene);

    await scene.publish('migrations', [job('migrate', byHand)]);
    await endPod(scene, (await theJob(scene)).pod, 1);
    await scene.settled('shop', ({ message }) => message.includes('exit code 1'));
    await scene.remove('shop');
    await scene.gone('shop');
    await noJobsLeft(scene);
  });

  test('a source without a Job, or that is not there, fails the action', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [configMap('app')]);
    await scene.roll('shop', migrated());
    const missing = await scene.settled('shop', because('StageFailed'));
    assert.match(missing.message, /pre action "migrate": ExternalArtifact "\S+\/migrations" does not exist$/);
    await scene.publish('migrations', [configMap('scripts')]);
    await scene.settled('shop', ({ message }) => /pre action "migrate": its source renders no Job$/.test(message));
    await scene.publish('migrations', [job('migrate')]);
    await scene.settled('shop', succeeded);
  });
});

describe('apply actions', { concurrency: 4 }, () => {
  const canary = (wait: boolean, rest: Partial<Action> = {}): Action => ({
    name: 'canary',
    apply: { sourceRef: { name: 'canary' }, wait },
    ...rest,
  });
  const withCanary = (action: Action) => oneStage('app', { actions: { post: [action] } });

  test('what it applies is waited for, recorded nowhere and pruned never', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [configMap('app')]);
    await scene.publish('canary', [deployment('canary'), configMap('beside')]);
    await scene.roll('shop', withCanary(canary(true)));
    await scene.atRest('shop');
    const { status } = (await scene.find<{ status: { availableReplicas: number } }>('Deployment', 'canary'))!;
    assert.equal(status.availableReplicas, 1);
    assert.deepEqual(await scene.ownedBy('shop'), ['ConfigMap/app']);
    await scene.publish('canary', [configMap('beside', { key: 'new' })]);
    const second = await scene.publish('app', [configMap('app', { key: 'new' })]);
    await scene.settled('shop', succeededWith(second));
    const beside = await scene.find<{ data: object }>('ConfigMap', 'beside');
    assert.deepEqual(beside?.data, { key: 'new' });
    assert.ok(await scene.find('Deployment', 'canary'));
  });

  test('a bad manifest leaves nothing half applied; one that is not ready in time is named', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [configMap('app')]);
    const bad = { ...configMap('bad'), data: { key: 7 } };
    await scene.publish('canary', [configMap('good'), bad]);
    await scene.roll('shop', withCanary(canary(true, { timeout: '1s' })));
    const refused = await scene.settled('shop', because('StageFailed'));
    assert.match(refused.message, /^stage "app" failed: post action "canary": ConfigMap \S+\/bad: /);
    assert.equal(await scene.find('ConfigMap', 'good'), undefined);
    await scene.publish('canary', [deployment('canary', nowhere)]);
    const late = /post action "canary": not done within 1s, waiting for Deployment \S+\/canary \(.*Unschedulable/;
    await scene.settled('shop', ({ message }) => late.test(message));
  });
});

function letFinish({ namespace }: Scene): RegExp {
  return new RegExp(`superseded, but a Job has started: it is let finish","stageset":"${namespace}/`);
}
