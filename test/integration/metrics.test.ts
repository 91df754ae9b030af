import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Format } from '../../src/main/metrics/exposition.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { startController } from '../harness/controller.ts';
import {
  configMap,
  oneStage,
  stagesOf,
  startScene,
  stuckDeployment,
  succeeded,
  succeededWith,
} from '../harness/scene.ts';
import type { Family } from '../support/exposition.ts';
import { startNotificationController } from '../support/notification-controller.ts';

test('the metrics are those in the docs, and go with what they are about', async (t) => {
  const scene = await startScene(t);
  const flux = await startNotificationController(t);
  const flags = ['--leader-elect', '--max-teardown-wait=1s', `--events-addr=${flux.origin}`];
  const controller = await startController(scene.controllerKubeconfig, flags);
  t.after(() => controller.kill());
  const { namespace } = scene;
  const value = async (series: string) => sampleOf(await controller.metrics(), series);
  const ofStage = (stage: string, label = 'name') => `{namespace="${namespace}",${label}="shop",stage="${stage}"}`;

  await scene.publish('app', [configMap('a')]);
  await scene.publish('extra', [configMap('b')]);
  await scene.roll('shop', stagesOf('app', 'extra'));
  await scene.settled('shop', succeeded);
  for (const stage of ['app', 'extra']) {
    await eventually(async () => assert.equal(await value(`stageset_stage_ready${ofStage(stage, 'stageset')}`), 1));
    assert.equal(await value(`stageset_stage_applied_total${ofStage(stage)}`), 1);
  }

  await scene.api.delete(scene.ref('ConfigMap', 'a'));
  await eventually(async () => assert.equal(await value(`stageset_drift_corrected_total${ofStage('app')}`), 1));

  await scene.roll('shop', stagesOf('app'));
  await eventually(async () =>
    assert.equal(await value(`stageset_stage_ready${ofStage('extra', 'stageset')}`), undefined),
  );
  assert.equal(await value(`stageset_stage_applied_total${ofStage('extra')}`), undefined);

  await scene.roll('broken', { ...oneStage('none'), dependsOn: [{ name: 'broken' }] });
  await scene.settled('broken', ({ status }) => status === 'False');
  const bad = await scene.publish('app', [{ ...configMap('a'), metadata: {} }]);
  await scene.settled('shop', ({ reason }) => reason === 'StageFailed');
  assert.ok(((await value('controller_runtime_terminal_reconcile_errors_total{controller="stageset"}')) ?? 0) > 0);
  assert.ok(bad.artifact.size > 0 && ((await value('stageset_artifact_bytes_total')) ?? 0) >= bad.artifact.size);

  await scene.publish('later', [configMap('later')]);
  const closed = { type: 'Deny' as const, from: '2020-01-01T00:00:00Z', to: '2099-01-01T00:00:00Z' };
  await scene.roll('frozen', { ...oneStage('later'), updateWindows: [closed] });
  await eventually(async () =>
    assert.equal(await value(`stageset_update_deferred_total{namespace="${namespace}",name="frozen"}`), 1),
  );

  await scene.publish('held', [{ ...configMap('c'), metadata: { name: 'c', finalizers: ['example.test/hold'] } }]);
  await scene.roll('held', oneStage('held'));
  await scene.settled('held', succeeded);
  await scene.remove('held');
  await scene.gone('held');
  await scene.api.patch(scene.ref('ConfigMap', 'c'), { metadata: { finalizers: null } });
  const forced = `stageset_teardown_force_drop_total{namespace="${namespace}",name="held",reason="Timeout"}`;
  assert.equal(await value(forced), 1, 'tells of what is gone');

  await scene.publish('stuck', [stuckDeployment('stuck')]);
  await scene.roll('stuck', oneStage('stuck'));
  await eventually(async () => assert.equal(await value('stageset_runs_waiting{waiting_for="readiness"}'), 1));
  await scene.roll('slow', oneStage('stuck', { timeout: '1s' }));
  await eventually(async () =>
    assert.equal(await value('controller_runtime_reconcile_timeouts_total{controller="stageset"}'), 1),
  );

  for (const format of ['text', 'openMetrics'] as const) {
    await eventually(async () => assert.deepEqual(toldOf(await controller.scrape(format)), await documented(format)));
  }

  for (const name of ['shop', 'frozen']) {
    await scene.remove(name);
    await scene.gone(name);
  }
  await eventually(async () => assert.doesNotMatch(await controller.metrics(), /"shop"|"frozen"/));
});

test('a stage is not ready while its next revision is on its way', async (t) => {
  const scene = await startScene(t);
  const controller = await scene.controller();
  const ready = async () =>
    sampleOf(
      await controller.metrics(),
      `stageset_stage_ready{namespace="${scene.namespace}",stageset="shop",stage="app"}`,
    );
  await scene.publish('app', [configMap('a')]);
  await scene.roll('shop', oneStage('app'));
  await scene.settled('shop', succeeded);
  await eventually(async () => assert.equal(await ready(), 1));

  await scene.publish('app', [stuckDeployment('a')]);
  await eventually(async () => assert.equal(await ready(), 0));
  const mended = await scene.publish('app', [configMap('a')]);
  await scene.settled('shop', succeededWith(mended));
  await eventually(async () => assert.equal(await ready(), 1));
});

interface Told {
  readonly type: string;
  readonly labels: readonly string[];
}

/** What a scrape tells of, by name; of what Node.js has nothing to tell yet, the labels are not to be seen. */
function toldOf(families: ReadonlyMap<string, Family>): Readonly<Record<string, Told>> {
  return Object.fromEntries(
    [...families].toSorted(byName).map(([name, { type, samples }]) => {
      const labels = new Set(samples.flatMap((sample) => Object.keys(sample.labels)));
      labels.delete('le');
      if (name === 'nodejs_active_requests' && samples.length === 0) labels.add('type');
      return [name, { type, labels: [...labels].toSorted() }];
    }),
  );
}

async function documented(format: Format): Promise<Readonly<Record<string, Told>>> {
  const text = await readFile(join(import.meta.dirname, '..', '..', 'docs', 'metrics.md'), 'utf8');
  const rows = [...text.matchAll(/^\| `(\w+)` \| (\w+) \| (.*?) ?\| .+ \|$/gm)];
  return Object.fromEntries(
    rows
      .map(([, name = '', type = '', labels = '']) => {
        const family = format === 'openMetrics' && type === 'counter' ? name.replace(/_total$/, '') : name;
        const named = [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label);
        return [family, { type, labels: named.toSorted() }] as const;
      })
      .toSorted(byName),
  );
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

function sampleOf(text: string, series: string): number | undefined {
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length));
}
