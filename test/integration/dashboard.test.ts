import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { freePort } from '../../tools/control-plane/free-port.ts';
import { signingFor } from '../harness/chart-rules.ts';
import { startController } from '../harness/controller.ts';
import { controllerAccount } from '../harness/controller-account.ts';
import { type Prometheus, startPrometheus } from '../harness/prometheus.ts';
import { allow } from '../harness/rbac.ts';
import { configMap, oneStage, type Scene, startScene, stuckDeployment, succeededWith } from '../harness/scene.ts';
import { configureWebhook, webhookFlags } from '../harness/webhook-replica.ts';
import { ruleGroup, shippedAlerts } from '../support/alert-rules.ts';
import { startHttpServer } from '../support/http-server.ts';

const install = { namespace: 'stageset-system', name: 'stageset-controller' };
const pods = {
  ready: `${install.name}-7d9f-aaaaa`,
  notReady: `${install.name}-7d9f-bbbbb`,
  away: `${install.name}-7d9f-ccccc`,
};
const beyondReach = {
  reconcileErrors: '1e9',
  workqueueDepth: '1e9',
  reconcileLatencySeconds: '1e9',
  podDown: '1d',
  certRenewalFailures: '1e9',
};
const brim = { reconcileErrors: '0', workqueueDepth: '-1', reconcileLatencySeconds: '0' };

test('a real Prometheus has something to show in every panel, and fires every alert', async (t) => {
  const scene = await startScene(t);
  const alerts = await shippedAlerts();
  const address = `127.0.0.1:${await freePort()}`;
  // Before what it scrapes, so that it sees counters begin.
  const prometheus = await startPrometheus(t, {
    targets: [
      targetOf(pods.ready, address),
      targetOf(pods.away, `127.0.0.1:${await freePort()}`),
      { job: 'kube-state-metrics', address: await kubeStateMetrics(t), labels: { namespace: 'monitoring' } },
    ],
    groups: [
      ruleGroup('to the brim', alerts, { values: { ...install, ...brim }, lasting: '0s' }),
      ruleGroup('silenced', alerts, { values: { ...install, ...beyondReach } }),
      ruleGroup('as shipped', alerts, { values: install }),
    ],
  });
  const certificates = await mkdtemp(join(tmpdir(), 'webhook-'));
  t.after(() => rm(certificates, { recursive: true }));
  await allow(scene.api, 'webhook', controllerAccount, [signingFor(scene.namespace)]);
  const controller = await startController(scene.controllerKubeconfig, [
    `--metrics-bind-address=${address}`,
    '--leader-elect',
    '--enable-webhook',
    '--webhook-port=0',
    `--webhook-cert-dir=${certificates}`,
    ...webhookFlags(scene.namespace),
  ]);
  t.after(() => controller.kill());
  // There is no ValidatingWebhookConfiguration yet: that is a renewal that fails.
  await eventually(async () => {
    const [{ value } = { value: 0 }] = await prometheus.query(
      'increase(stageset_webhook_cert_renewal_failures_total[1h])',
    );
    assert.ok(value > 0);
  });
  await configureWebhook(t, scene, Number(new URL(controller.originOf('webhook')).port));
  await eventually(async () => assert.equal((await fetch(`${controller.originOf('probes')}/readyz`)).status, 200));
  await scene.publish('stuck', [stuckDeployment('stuck')]);
  await scene.roll('stuck', oneStage('stuck'));
  // A rate is between two scrapes: what has only begun has none.
  for (const round of [1, 2]) await makeThingsHappen(scene, prometheus, round);

  for (const { title, targets } of await panels()) {
    for (const { expr } of targets) {
      await eventually(async () => {
        const shown = await prometheus.query(filled(expr));
        assert.ok(
          shown.some(({ value }) => !Number.isNaN(value)),
          `"${title}" shows nothing: ${expr}`,
        );
      });
    }
  }

  await eventually(async () => {
    const states = await statesOf(prometheus, 'to the brim');
    assert.deepEqual(states, alerts.alerts.map(({ alert }) => `${alert} firing`).toSorted());
  });
  assert.deepEqual(await statesOf(prometheus, 'silenced'), [
    'StageSetControllerPodDown pending',
    'StageSetControllerWorkqueueDepthHigh inactive',
    'StageSetReconcileErrorsHigh inactive',
    'StageSetReconcileLatencyHigh inactive',
    'StageSetWebhookCertRenewalFailing inactive',
  ]);
  const asShipped = await statesOf(prometheus, 'as shipped');
  for (const state of ['StageSetWebhookCertRenewalFailing firing', 'StageSetControllerPodDown pending']) {
    assert.ok(asShipped.includes(state), `${asShipped}`);
  }

  const told = Object.groupBy(await firing(prometheus, 'to the brim'), ({ labels }) => labels.alertname ?? '');
  const ofBroken = told.StageSetReconcileErrorsHigh?.find(({ labels }) => labels.name === 'broken');
  assert.deepEqual(ofBroken?.labels, {
    alertname: 'StageSetReconcileErrorsHigh',
    namespace: scene.namespace,
    name: 'broken',
    reason: 'DependencyNotReady',
    severity: 'warning',
  });
  assert.equal(ofBroken?.annotations.runbook_url, 'https://runbooks.test/dependencynotready/');
  assert.deepEqual(told.StageSetControllerPodDown?.map(({ labels }) => labels.pod).toSorted(), [
    pods.notReady,
    pods.away,
  ]);
});

/** Each thing once a round, and a scrape after it. */
async function makeThingsHappen(scene: Scene, prometheus: Prometheus, round: number): Promise<void> {
  const shop = await scene.publish('app', [configMap('a', { round: `${round}` })]);
  await scene.publish('later', [configMap('later', { round: `${round}` })]);
  const closed = { type: 'Deny' as const, from: '2020-01-01T00:00:00Z', to: '2099-01-01T00:00:00Z' };
  await scene.roll('shop', oneStage('app'));
  await scene.roll('frozen', { ...oneStage('later'), updateWindows: [closed] });
  await scene.roll('broken', { ...oneStage('none'), interval: `${round}h`, dependsOn: [{ name: 'nobody' }] });
  await scene.settled('shop', succeededWith(shop));
  await scene.api.delete(scene.ref('ConfigMap', 'a'));
  const counts = {
    'stageset_drift_corrected_total{name="shop"}': round,
    'stageset_update_deferred_total{name="frozen"}': round,
    'stageset_reconcile_total{name="broken",reason="DependencyNotReady"}': round,
  };
  for (const [series, count] of Object.entries(counts)) {
    await eventually(async () => {
      const [{ value } = { value: 0 }] = await prometheus.query(series);
      assert.ok(value >= count, `${series} is ${value}`);
    });
  }
}

function targetOf(pod: string, address: string) {
  return { job: install.name, address, labels: { namespace: install.namespace, pod } };
}

/** As kube-state-metrics tells of pods; the controller's own is ready, another is not. */
async function kubeStateMetrics(t: TestContext): Promise<string> {
  const ready = { [pods.ready]: 1, [pods.notReady]: 0, 'stageset-controller-db-0': 0 };
  const samples = Object.entries(ready).map(
    ([pod, value]) =>
      `kube_pod_status_ready{namespace="${install.namespace}",pod="${pod}",uid="u",condition="true"} ${value}\n`,
  );
  const text = `# HELP kube_pod_status_ready .\n# TYPE kube_pod_status_ready gauge\n${samples.join('')}`;
  const server = await startHttpServer(t, (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(text);
  });
  return `127.0.0.1:${server.port}`;
}

interface ShownPanel {
  readonly title: string;
  readonly targets: readonly { readonly expr: string }[];
}

async function panels(): Promise<readonly ShownPanel[]> {
  const file = join(import.meta.dirname, '..', '..', 'chart', 'dashboards', 'stageset-controller.json');
  const dashboard = JSON.parse(await readFile(file, 'utf8')) as { readonly panels: readonly ShownPanel[] };
  return dashboard.panels.filter(({ targets }) => targets !== undefined);
}

/** As Grafana fills in its variables. */
function filled(expr: string): string {
  const values = { $__rate_interval: '1m', $__range: '5m', $job: '.*', $namespace: '.*' };
  const text = Object.entries(values).reduce((soFar, [name, value]) => soFar.replaceAll(name, value), expr);
  assert.doesNotMatch(text, /\$/);
  return text;
}

async function statesOf(prometheus: Prometheus, wanted: string): Promise<readonly string[]> {
  const rules = (await prometheus.alertingRules()).filter(({ group }) => group === wanted);
  for (const { name, lastError = '' } of rules) assert.equal(lastError, '', name);
  return rules.map(({ name, state }) => `${name} ${state}`).toSorted();
}

async function firing(prometheus: Prometheus, wanted: string) {
  const rules = await prometheus.alertingRules();
  return rules.flatMap(({ group, alerts }) => (group === wanted ? alerts : []));
}
