import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventually } from '../../../tools/control-plane/eventually.ts';
import { readExample } from '../../../tools/playground/example.ts';
import { startScene, succeeded, succeededWith } from '../../harness/scene.ts';

test('the example backfills once, before 2.0.0 comes up', async (t) => {
  const scene = await startScene(t);
  await scene.controller();
  const { stageSet, sources } = await readExample(join(import.meta.dirname, '../../../examples/migrations/ledger'));
  const [manifests, backfill] = ['manifests', 'backfill'].map((name) => sources.get(name) ?? assert.fail());
  await scene.publishAs('manifests', { files: manifests! });
  await scene.publishAs('backfill', { files: backfill! });
  await scene.roll('ledger', stageSet.spec);
  await scene.settled('ledger', succeeded);
  assert.equal((await scene.read('ledger')).status?.version, '1.4.0');

  const path = 'deployment.yaml';
  const files = { ...manifests!, [path]: String(manifests![path]).replace('1.4.0', '2.0.0') };
  const second = await scene.publishAs('manifests', { files });
  await scene.settled('ledger', succeededWith(second));
  assert.equal((await scene.read('ledger')).status?.version, '2.0.0');
  const created = (await scene.requests()).filter(({ verb, resource }) => verb !== 'delete' && resource === 'jobs');
  const names = new Set(created.flatMap(({ name }) => (name?.startsWith('backfill') ? [name] : [])));
  assert.equal(names.size, 1, [...names].join());
  await eventually(async () => {
    const told = (await scene.events('ledger')).map(({ reason }) => reason);
    for (const reason of ['MigrationsBaselined', 'MigrationStarted', 'MigrationCompleted'])
      assert.ok(told.includes(reason), reason);
  });
});
