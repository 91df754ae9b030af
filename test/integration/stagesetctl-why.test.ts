import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { startWebhook } from '../harness/admission-webhook.ts';
import { ask, runNext } from '../harness/next-command.ts';
import { grantUser } from '../harness/remote.ts';
import {
  because,
  configMap,
  deployment,
  type Manifest,
  oneStage,
  type Scene,
  stagesOf,
  startScene,
  stuckDeployment,
  succeeded,
} from '../harness/scene.ts';

interface Expected {
  readonly says: RegExp;
  readonly next: RegExp;
  /** What the next command prints. */
  readonly shows: RegExp;
}

/** Asks until this is the answer, and then does as told: the command works, and shows what it is to show. */
async function whyIs(scene: Scene, { says, next, shows }: Expected, name = 'shop'): Promise<void> {
  const command = await eventually(async () => {
    const { code, stdout, stderr } = await ask(scene, 'why', name);
    assert.deepEqual([code, stderr], [0, '']);
    const [answer = '', empty, last = '', ...rest] = stdout.split('\n');
    assert.match(answer, says);
    assert.deepEqual([empty, rest], ['', ['']], 'one paragraph and one command');
    const told = last.replace(/^Next: /, '');
    assert.match(told, next);
    return told;
  });
  const shown = await runNext(scene, command);
  assert.equal(shown.code, 0, `${command}: ${shown.stderr}`);
  assert.match(shown.stdout + shown.stderr, shows);
}

/** Its pods stay as they are made, for a test to say how they fare. */
function idleDeployment(name: string): Manifest {
  return deployment(name, { schedulerName: 'nobody' } as object);
}

async function podOf({ api, namespace }: Scene, app: string): Promise<KubeObject> {
  return eventually(async () => {
    const [pod] = await api.list('v1', 'Pod', { namespace, labelSelector: `app=${app}` });
    assert.ok(pod !== undefined);
    return pod;
  });
}

async function setPodStatus(scene: Scene, pod: KubeObject, containerStatus: object): Promise<void> {
  const { api, namespace } = scene;
  const ref = { apiVersion: 'v1', kind: 'Pod', namespace, name: pod.metadata.name };
  const container = { name: 'app', image: 'example/app:1', imageID: '', ready: false, restartCount: 3 };
  const status = { phase: 'Running', containerStatuses: [{ ...container, ...containerStatus }] };
  await api.patch(ref, { status }, { subresource: 'status' });
}

async function tell(scene: Scene, about: KubeObject, reason: string, message: string): Promise<void> {
  const { api, namespace } = scene;
  const { kind, metadata } = about;
  const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  await api.create({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${metadata.name}-${reason.toLowerCase()}`, namespace },
    involvedObject: { apiVersion: 'v1', kind, name: metadata.name, namespace, uid: metadata.uid },
    reason,
    message,
    type: 'Warning',
    firstTimestamp: now,
    lastTimestamp: now,
    source: { component: 'kubelet' },
  });
}

async function waitOn(t: Parameters<typeof startScene>[0], ...manifests: readonly Manifest[]): Promise<Scene> {
  const scene = await startScene(t);
  await scene.controller();
  await scene.publish('app', manifests);
  await scene.roll('shop', oneStage('app'));
  return scene;
}

describe('why: what a rollout waits for', { concurrency: 4 }, () => {
  test('an image that cannot be pulled, with the word of the registry', async (t) => {
    const scene = await waitOn(t, idleDeployment('web'), configMap('beside'));
    const pod = await podOf(scene, 'web');
    await setPodStatus(scene, pod, { state: { waiting: { reason: 'ErrImagePull' } } });
    await tell(scene, pod, 'Failed', 'Failed to pull image "example/app:1": not found');
    const { name } = pod.metadata;
    await whyIs(scene, {
      says: new RegExp(
        `^StageSet ${scene.namespace}/shop is being rolled out: stage "app" waits for Deployment ${scene.namespace}/web \\(.*0/1\\): pod ${name}: container app: ErrImagePull: Failed to pull image "example/app:1": not found\\.$`,
      ),
      next: new RegExp(`^kubectl describe pods ${name} -n ${scene.namespace}$`),
      shows: /ErrImagePull/,
    });
  });

  test('a container that ends again and again, with its last words', async (t) => {
    const scene = await waitOn(t, idleDeployment('web'));
    const pod = await podOf(scene, 'web');
    const lastState = { terminated: { exitCode: 1, reason: 'Error', message: 'starting\npanic: no database\n' } };
    await setPodStatus(scene, pod, { state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState });
    const { stdout } = await eventually(async () => {
      const ended = await ask(scene, 'why', 'shop');
      assert.match(
        ended.stdout,
        /CrashLoopBackOff, last end: Error, exit code 1, its last words: panic: no database\./,
      );
      return ended;
    });
    // There is no kubelet to ask for a log here.
    const next = `Next: kubectl logs ${pod.metadata.name} -n ${scene.namespace} -c app --previous\n`;
    assert.ok(stdout.endsWith(`\n\n${next}`), stdout);
  });

  test('a pod that no node takes', async (t) => {
    const scene = await waitOn(t, stuckDeployment('web'), stuckDeployment('worker'));
    await whyIs(scene, {
      says: /pod \S+: Unschedulable: 0\/1 nodes are available: .*; one more object is not ready\.$/,
      next: /^kubectl describe pods \S+ -n \S+$/,
      shows: /node\(s\) didn't match/,
    });
  });

  test('a claim that no volume is bound to, also where a pod waits for it', async (t) => {
    const claim: Manifest = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    };
    const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }];
    const scene = await waitOn(t, claim, deployment('web', { volumes } as object));
    const expected = {
      next: /^kubectl describe persistentvolumeclaims data -n \S+$/,
      shows: /Pending/,
    };
    await whyIs(scene, { says: /PersistentVolumeClaim data: \w+: no persistent volumes available/, ...expected });
    await scene.publish('db', [deployment('db', { volumes } as object)]);
    await scene.roll('other', oneStage('db'));
    await whyIs(
      scene,
      { says: /pod \S+ waits for its volume, and PersistentVolumeClaim data: /, ...expected },
      'other',
    );
  });

  test('a quota that lets no pod be made', async (t) => {
    const scene = await startScene(t);
    const { api, namespace } = scene;
    await scene.controller();
    await api.create({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'none', namespace },
      spec: { hard: { pods: '0' } },
    });
    await scene.publish('app', [deployment('web')]);
    await scene.roll('shop', oneStage('app'));
    await whyIs(scene, {
      says: /Deployment \S+\/web \(.*\): .*FailedCreate: pods "web-\S+" is forbidden: exceeded quota: none/,
      next: new RegExp(`^kubectl describe resourcequotas none -n ${namespace}$`),
      shows: /pods +0 +0/,
    });
  });

  test('only what the stage waits for counts, by the rules that it has', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [stuckDeployment('beside'), deployment('web')]);
    const checks = [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }];
    const never = [{ apiVersion: 'apps/v1', kind: 'Deployment', current: 'status.replicas == 99' }];
    await scene.roll('shop', oneStage('app', { readyChecks: { checks } }));
    await scene.settled('shop', succeeded);
    assert.match((await ask(scene, 'why', 'shop')).stdout, /is Ready: All 1 stages applied/);
    await scene.roll('shop', oneStage('app', { readyChecks: { exprs: never } }));
    await whyIs(scene, {
      says: /stage "app" waits for Deployment \S+\/\w+ \(none of its expressions is true\)/,
      next: /^kubectl describe (pods|deployments\.apps) \S+ -n \S+$/,
      shows: /Name:/,
    });
  });

  test('an action that waits, by what it waits for', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [configMap('a')]);
    const target = { apiVersion: 'v1', kind: 'ConfigMap', name: 'go' };
    const wait = { target, expr: 'data.ready == "yes"' };
    await scene.roll('shop', oneStage('app', { actions: { pre: [{ name: 'until-go', wait }] } }));
    await scene.api.create({ ...configMap('go'), metadata: { name: 'go', namespace: scene.namespace } } as KubeObject);
    await whyIs(scene, {
      says: /stage "app" is at pre action "until-go", which waits until data\.ready == "yes" holds for ConfigMap go\./,
      next: /^kubectl get configmaps --field-selector metadata\.name=go -n \S+ -o yaml$/,
      shows: /name: go/,
    });
  });

  test('an action that runs a Job, by its pod', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    const containers = [{ name: 'it', image: 'example/it:1' }];
    const template = { spec: { restartPolicy: 'Never', nodeSelector: { 'no-such': 'node' }, containers } };
    await scene.publish('app', [configMap('a')]);
    await scene.publish('jobs', [
      { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'dump' }, spec: { template } },
    ]);
    const pre = [{ name: 'dump', job: { sourceRef: { name: 'jobs' } } }];
    await scene.roll('shop', oneStage('app', { actions: { pre } }));
    await whyIs(scene, {
      says: /stage "app" is at pre action "dump", whose Job \S+\/dump\S* \(Job in progress\. .*\): pod \S+: Unschedulable: /,
      next: /^kubectl describe pods dump\S+ -n \S+$/,
      shows: /node\(s\) didn't match/,
    });
  });
});

describe('why: how a StageSet ended', { concurrency: 4 }, () => {
  test('ready', async (t) => {
    const scene = await waitOn(t, deployment('web'), configMap('a'));
    await scene.settled('shop', succeeded);
    await whyIs(scene, {
      says: /is Ready: All 1 stages applied\.$/,
      next: /^stagesetctl tree shop -n \S+$/,
      shows: /Deployment web +Current/,
    });
  });

  test('ready, but somebody else keeps writing on an object', async (t) => {
    const scene = await waitOn(t, configMap('a'));
    await scene.atRest('shop');
    const ref = scene.ref('ConfigMap', 'a');
    await scene.api.patch(ref, { data: { key: 'mine' } }, { fieldManager: 'intruder' });
    await whyIs(scene, {
      says: /is Ready, with a warning \w+ ago \(DriftCorrected\): stage "app": corrected ConfigMap \S+\/a \(last written by intruder\)\.$/,
      next: /^kubectl get configmaps a -n \S+ --show-managed-fields -o yaml$/,
      shows: /managedFields/,
    });
  });

  test('a Job that failed', async (t) => {
    const template = {
      spec: {
        restartPolicy: 'Never',
        nodeSelector: { 'no-such': 'node' },
        containers: [{ name: 'it', image: 'example/it:1' }],
      },
    };
    const job: Manifest = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'migrate' },
      spec: { backoffLimit: 0, activeDeadlineSeconds: 1, template },
    };
    const scene = await waitOn(t, job);
    await scene.settled('shop', because('StageFailed'));
    await whyIs(scene, {
      says: /failed at its stage "app", which is not ready: Job \S+\/migrate \(Job Failed\. failed: \S+\): DeadlineExceeded: .*It is tried again every 1h/,
      next: /^kubectl describe jobs\.batch migrate -n \S+$/,
      shows: /DeadlineExceeded/,
    });
  });

  test('refused by an admission webhook', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await startWebhook(t, scene, {
      kind: 'Validating',
      resource: 'configmaps',
      rule: ({ name }) => ({ allowed: name !== 'bad', status: { message: 'bad is bad' } }),
    });
    await scene.publish('app', [configMap('bad')]);
    await scene.roll('shop', oneStage('app'));
    await scene.settled('shop', because('StageFailed'));
    await whyIs(scene, {
      says: /failed at its stage "app": apply: ConfigMap \S+\/bad: admission webhook "rules\.example\.test" denied the request: bad is bad\./,
      next: /^kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations$/,
      shows: new RegExp(scene.namespace),
    });
  });

  test('the tenant lacks a right', async (t) => {
    const scene = await startScene(t);
    const { api, namespace } = scene;
    await scene.controller();
    await api.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'tenant', namespace } });
    await scene.publish('app', [configMap('a')]);
    await scene.roll('shop', { ...oneStage('app'), serviceAccountName: 'tenant' });
    await scene.settled('shop', because('StageFailed'));
    await whyIs(scene, {
      says: /User "system:serviceaccount:\S+:tenant" cannot \w+ resource "configmaps"/,
      next: /^kubectl get rolebindings -n \S+ -o wide$/,
      shows: /No resources found/,
    });
  });

  test('another cluster, whose kubeconfig is not there', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [configMap('a')]);
    await scene.roll('shop', { ...oneStage('app'), kubeConfig: { secretRef: { name: 'remote' } } });
    await scene.settled('shop', because('StageFailed'));
    await whyIs(scene, {
      says: /failed.*: connect to target cluster: .*remote/,
      next: /^kubectl get secrets --field-selector metadata\.name=remote -n \S+$/,
      shows: /No resources found/,
    });
  });

  test('a dependency of a dependency', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.roll('c', oneStage('nothing'));
    await scene.settled('c', because('ArtifactNotFound'));
    await scene.roll('b', { ...oneStage('nothing'), dependsOn: [{ name: 'c' }] });
    await scene.roll('shop', { ...oneStage('nothing'), dependsOn: [{ name: 'b' }] });
    await scene.settled('shop', because('DependencyNotReady'));
    await whyIs(scene, {
      says: /^StageSet \S+\/shop waits: .*"\S+\/b" which is not Ready\. "b" waits for "c", which is ArtifactNotFound: /i,
      next: /^stagesetctl why c -n \S+$/,
      shows: /waits: stage "app": ExternalArtifact "\S+\/nothing" does not exist/,
    });
  });

  test('a source that is not there, and one that is not ready', async (t) => {
    const scene = await startScene(t);
    const { namespace, publisher } = scene;
    await scene.controller();
    await scene.roll('shop', oneStage('nothing'));
    await scene.settled('shop', because('ArtifactNotFound'));
    await whyIs(scene, {
      says: /ExternalArtifact "\S+\/nothing" does not exist\. It goes on by itself/,
      next: /^kubectl get externalartifacts\.source\.toolkit\.fluxcd\.io -n \S+$/,
      shows: /No resources found/,
    });
    await publisher.fail({ namespace, name: 'nothing', reason: 'Failed', message: 'no route to host' });
    await scene.settled('shop', because('SourceNotReady'));
    await whyIs(scene, {
      says: /is not ready: no route to host\./,
      next: /^kubectl describe externalartifacts\.source\.toolkit\.fluxcd\.io nothing -n \S+$/,
      shows: /no route to host/,
    });
  });

  test('a spec that makes no sense', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('one', [configMap('a')]);
    await scene.publish('two', [configMap('a')]);
    await scene.roll('shop', stagesOf('one', 'two'));
    await scene.settled('shop', because('InvalidSpec'));
    await whyIs(scene, {
      says: /cannot be rolled out as it is written: .*Nothing is tried again before the spec or a source changes\.$/,
      next: /^kubectl get stagesets\.stages\.metio\.wtf shop -n \S+ -o yaml$/,
      shows: /name: two/,
    });
  });

  test('a circle of StageSets', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.roll('other', { ...oneStage('a'), dependsOn: [{ name: 'shop' }] });
    await scene.roll('shop', { ...oneStage('a'), dependsOn: [{ name: 'other' }] });
    await scene.settled('shop', because('Stalled'));
    await whyIs(scene, {
      says: /is stalled: spec\.dependsOn forms a cycle: /,
      next: /^kubectl get stagesets\.stages\.metio\.wtf -n \S+ -o 'custom-columns=/,
      shows: /^other +shop$/m,
    });
  });

  test('held back by an update window', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [configMap('a')]);
    const closed = { type: 'Deny' as const, from: '2020-01-01T00:00:00Z', to: '2099-01-01T00:00:00Z' };
    await scene.roll('shop', { ...oneStage('app'), updateWindows: [closed] });
    await scene.settled('shop', because('UpdateDeferred'));
    const { stdout } = await ask(scene, 'why', 'shop');
    assert.match(stdout, /waits: nothing is deployed yet: update windows hold back .* until 2099-01-01T00:00:00Z\. /);
    assert.match(stdout, /Next: stagesetctl reconcile shop -n \S+ --update-now\n$/);
    await scene.roll('shop', oneStage('app'));
    await scene.settled('shop', succeeded);
    await scene.roll('shop', { ...oneStage('app'), updateWindows: [closed] });
    await scene.publish('app', [configMap('b')]);
    await whyIs(scene, {
      says: /is Ready, and update windows hold back \S+\/app \S+\. The next one opens at 2099-01-01T00:00:00Z\.$/,
      next: /^stagesetctl reconcile shop -n \S+ --update-now$/,
      shows: /Reconcile requested/,
    });
    await scene.settled('shop', (ready, { status }) => succeeded(ready) && status?.pendingUpdate === undefined);
  });

  test('suspended', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [configMap('a')]);
    await scene.roll('shop', { ...oneStage('app'), suspend: true });
    await scene.settled('shop', because('Suspended'));
    await whyIs(scene, {
      says: /is suspended \(spec\.suspend is true\): .* What stands on the cluster stays\.$/,
      next: /^stagesetctl resume shop -n \S+$/,
      shows: /./,
    });
    await scene.settled('shop', succeeded);
  });

  test('being deleted, and held up by a finalizer', async (t) => {
    const scene = await waitOn(t, {
      ...configMap('web'),
      metadata: { name: 'web', finalizers: ['example.test/hold'] },
    });
    await scene.settled('shop', succeeded);
    await scene.remove('shop');
    await whyIs(scene, {
      says: /^StageSet \S+\/shop is being deleted, and waits for ConfigMap \S+\/web: it is being deleted, and held by its finalizer "example\.test\/hold"\.$/,
      next: /^kubectl get configmaps web -n \S+ -o yaml$/,
      shows: /example\.test\/hold/,
    });
    await scene.api.patch(scene.ref('ConfigMap', 'web'), { metadata: { finalizers: null } });
    await scene.gone('shop');
  });
});

describe('why: who asks', { concurrency: 4 }, () => {
  test('what the user may not read is said in half a sentence, and is no error', async (t) => {
    const scene = await waitOn(t, stuckDeployment('web'));
    await grantUser(scene.api, scene.namespace, 'ann', [
      { group: 'stages.metio.wtf', resources: ['stagesets', 'stageinventories'], verbs: ['get', 'list'] },
      { group: 'apps', resources: ['deployments'], verbs: ['list'] },
    ]);
    await eventually(async () => {
      const { code, stdout } = await ask(scene, 'why', 'shop', '--as', 'ann');
      assert.equal(code, 0);
      assert.match(stdout, /stage "app" waits for Deployment \S+\/web \(.*0\/1\)/);
      assert.match(stdout, /Not all could be looked at: .*you may not list pods in namespace /);
      assert.match(stdout, /\nNext: kubectl describe deployments\.apps web -n \S+ --as ann\n$/);
    });
  });

  test('a StageSet that is not there, and a user who may read nothing', async (t) => {
    const scene = await startScene(t);
    const none = await ask(scene, 'why', 'none');
    assert.equal(none.code, 3);
    assert.match(none.stderr, /StageSet \S+\/none does not exist/);
    const nobody = await ask(scene, 'why', 'none', '--as', 'nobody');
    assert.equal(nobody.code, 3);
    assert.match(nobody.stderr, /cannot get resource "stagesets"/);
    assert.equal((await ask(scene, 'why')).code, 2);
  });

  test('for programs', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.roll('shop', oneStage('nothing'));
    await scene.settled('shop', because('ArtifactNotFound'));
    const { stdout } = await ask(scene, 'why', 'shop', '-o', 'json');
    const { namespace, name, answer, next } = JSON.parse(stdout);
    assert.deepEqual([namespace, name], [scene.namespace, 'shop']);
    assert.match(answer, /does not exist/);
    assert.match(next, /^kubectl get /);
  });
});
