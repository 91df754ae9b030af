import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { eventually } from '../../../tools/control-plane/eventually.ts';
import { type Example, readExample } from '../../../tools/playground/example.ts';
import { type Scene, startScene, succeeded, succeededWith } from '../../harness/scene.ts';
import { jobsIn } from './hand-driven.ts';
import { executed } from './scene.ts';

const examples = join(import.meta.dirname, '..', '..', '..', 'examples', 'actions');

async function rolledOut(
  t: TestContext,
  name: string,
): Promise<{ readonly scene: Scene; readonly files: Example['sources'] }> {
  const scene = await startScene(t);
  const { stageSet, sources } = await readExample(join(examples, name));
  await scene.controller();
  for (const [source, files] of sources) await scene.publishAs(source, { files });
  await scene.roll('app', stageSet.spec);
  await scene.settled('app', succeeded);
  return { scene, files: sources };
}

describe('examples of actions', { concurrency: 2 }, () => {
  test('canary: the app comes once one of the canary’s pods runs', async (t) => {
    const { scene } = await rolledOut(t, 'canary');
    assert.deepEqual(await executed(scene, 'canary'), ['canary-runs', 'soak']);
    const made = async (name: string) =>
      Date.parse((await scene.find('Deployment', name))?.metadata.creationTimestamp ?? '');
    assert.ok((await made('web')) - (await made('web-canary')) >= 2_000);
  });

  test('migration: the Job is done, and gone, before the app comes', async (t) => {
    const { scene } = await rolledOut(t, 'migration');
    assert.deepEqual(await executed(scene, 'app'), ['migrate']);
    await eventually(async () => assert.deepEqual(await jobsIn(scene), []));
    const made = async (kind: 'ConfigMap' | 'Deployment', name: string) =>
      Date.parse((await scene.find(kind, name))?.metadata.creationTimestamp ?? '');
    assert.ok((await made('ConfigMap', 'migration-scripts')) <= (await made('Deployment', 'ledger')));
    assert.deepEqual(await scene.ownedBy('app'), ['Deployment/ledger']);
  });

  test('replace: each revision runs its Job', async (t) => {
    const { scene, files } = await rolledOut(t, 'replace');
    const before = await scene.find('Job', 'migrate');
    const job = files.get('manifests')?.['job.yaml']?.toString().replace('migrate:v1', 'migrate:v2') ?? '';
    const next = await scene.publishAs('manifests', { files: { 'job.yaml': job } });
    await scene.settled('app', succeededWith(next));
    const after = await scene.find('Job', 'migrate');
    assert.ok(after !== undefined && after.metadata.uid !== before?.metadata.uid);
  });
});
