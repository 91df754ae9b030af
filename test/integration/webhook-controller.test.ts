import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { connect } from '../../src/main/kube/client.ts';
import { loadClusterConfig } from '../../src/main/kube/config.ts';
import { stageSetResource } from '../../src/main/kube/own-kinds.ts';
import { collectionPath } from '../../src/main/kube/paths.ts';
import { unleased } from '../../src/main/kube/types.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { impersonation, ownRules, signingFor } from '../harness/chart-rules.ts';
import type { ControllerProcess } from '../harness/controller.ts';
import { controllerUser, startWithRights } from '../harness/default-install.ts';
import { allow } from '../harness/rbac.ts';
import { configMap, oneStage, type Scene, startScene, succeeded } from '../harness/scene.ts';
import { configureWebhook, webhookFlags } from '../harness/webhook-replica.ts';

async function flagsFor(t: TestContext, { namespace }: Scene): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'webhook-'));
  t.after(() => rm(folder, { recursive: true }));
  return ['--enable-webhook', '--webhook-port=0', `--webhook-cert-dir=${folder}`, ...webhookFlags(namespace)];
}

async function readiness(controller: ControllerProcess): Promise<string> {
  const answer = await fetch(`${controller.originOf('probes')}/readyz`);
  return `${answer.status} ${await answer.text()}`;
}

function portOf(controller: ControllerProcess): number {
  return Number(new URL(controller.originOf('webhook')).port);
}

function create({ plane, namespace }: Scene, t: TestContext, name: string, spec: object) {
  return eventually(async () => {
    const client = connect(await loadClusterConfig({ kubeconfigPath: plane.kubeconfigPath }));
    t.after(() => client.close());
    const body = JSON.stringify({ apiVersion: 'stages.metio.wtf/v1', kind: 'StageSet', metadata: { name }, spec });
    return await client.send({
      method: 'POST',
      path: collectionPath(stageSetResource, namespace),
      body,
      lease: unleased,
    });
  });
}

const badWindow = { updateWindows: [{ type: 'Allow' as const, schedule: 'whenever', duration: '1h' }] };

test('a controller with a webhook is ready once the API server believes it, and lives with its own refusals', async (t) => {
  const scene = await startScene(t);
  const { api, namespace } = scene;
  const rights = [...ownRules, impersonation, signingFor(namespace)];
  const controller = await startWithRights(scene, rights, await flagsFor(t, scene));
  t.after(() => controller.kill());
  const value = async (series: string) => {
    const line = (await controller.metrics()).split('\n').find((each) => each.startsWith(`${series} `));
    return Number(line?.slice(series.length));
  };
  await eventually(async () =>
    assert.match(await readiness(controller), /^503 .*webhook: .*there is no ValidatingWebhookConfiguration/s),
  );
  assert.ok((await value('stageset_webhook_cert_renewal_failures_total')) > 0);

  await configureWebhook(t, scene, portOf(controller));
  await eventually(async () => assert.match(await readiness(controller), /^200 /));
  await scene.publish('app', [configMap('a')]);
  await scene.roll('shop', oneStage('app'));
  await scene.settled('shop', succeeded);
  await assert.rejects(
    scene.roll('shop', { ...oneStage('app'), ...badWindow }),
    /spec\.updateWindows\[0\]\.schedule: /,
  );
  const webhook = 'webhook="/validate-stages-metio-wtf-v1-stageset"';
  assert.ok((await value(`controller_runtime_webhook_requests_total{${webhook},code="200"}`)) > 0);
  assert.ok((await value(`controller_runtime_webhook_latency_seconds_count{${webhook}}`)) > 0);
  await eventually(async () =>
    assert.equal(await value(`controller_runtime_webhook_requests_in_flight{${webhook}}`), 0),
  );

  const flags = [...(await flagsFor(t, scene)), `--webhook-port=${portOf(controller)}`];
  await assert.rejects(startWithRights(scene, rights, flags), /"--webhook-port: cannot listen on .*port is taken/);

  await scene.remove('shop');
  await scene.gone('shop');
  const exited = controller.kill('SIGTERM');
  await eventually(() => assert.match(controller.log, /"msg":"stopping"/));
  assert.match(await readiness(controller), /^503 .*stopping/s);
  await assert.rejects(
    scene.roll('shop', { ...oneStage('app'), ...badWindow }),
    /denied the request/,
    'until others are asked',
  );
  await exited;
  assert.equal((await controller.exited).code, 0);
  await assert.rejects(api.create(stageSetIn(namespace)), /failed calling webhook/, 'nobody answers any more');
});

function stageSetIn(namespace: string) {
  const metadata = { name: 'late', namespace };
  return { apiVersion: 'stages.metio.wtf/v1', kind: 'StageSet', metadata, spec: oneStage('app') };
}

test('on a multi-tenant cluster it asks for the rights it lacks, and for the account that a StageSet lacks', async (t) => {
  const scene = await startScene(t);
  const { api, namespace } = scene;
  const controller = await startWithRights(scene, [...ownRules, impersonation], await flagsFor(t, scene));
  await configureWebhook(t, scene, portOf(controller));
  const wanted = `grant get and update of the ValidatingWebhookConfiguration \\\\"${namespace}\\\\"`;
  await eventually(() => assert.match(controller.log, new RegExp(wanted)));
  assert.match(await readiness(controller), /^503 .*webhook: /s);

  await allow(api, 'stageset-controller-webhook', controllerUser, [signingFor(namespace)]);
  await eventually(async () => assert.match(await readiness(controller), /^200 /));
  const { warnings } = await create(scene, t, 'shop', oneStage('app'));
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? '', /^spec\.serviceAccountName: not set: /);
});
