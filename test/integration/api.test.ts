import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { load, loadAll } from 'js-yaml';
import { describeViolation } from '../../src/shared/api/validate/violation.ts';
import { validateStageSet } from '../../src/shared/api/validate.ts';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import { startCluster, type TestCluster } from '../harness/cluster.ts';

const testdata = join(import.meta.dirname, 'testdata', 'api');
const crds = ['stagesets.stages.metio.wtf', 'stageinventories.stages.metio.wtf'];

test('the CRDs are structural and served', async (t) => {
  const { api } = await startCluster(t);
  for (const name of crds) {
    const crd = await api.get<Crd>({ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', name });
    const conditions = crd.status.conditions.filter(({ status }) => status === 'True').map(({ type }) => type);
    assert.deepEqual(conditions.toSorted(), ['Established', 'NamesAccepted'], name);
  }
});

interface Crd {
  readonly status: { readonly conditions: readonly { readonly type: string; readonly status: string }[] };
}

test('every shape of manifest is accepted and comes back as it was sent', async (t) => {
  const cluster = await startCluster(t);
  const folder = join(testdata, 'valid');
  for (const file of await readdir(folder)) {
    for (const manifest of loadAll(await readFile(join(folder, file), 'utf8')) as KubeObject[]) {
      await t.test(`${file}: ${manifest.metadata.name}`, async () => {
        const created = await create(cluster, manifest);
        assert.deepEqual(created.spec, manifest.spec);
        if (manifest.kind === 'StageSet') assert.deepEqual(validateStageSet(created), []);
      });
    }
  }
});

test('a status with every field comes back as it was sent', async (t) => {
  const cluster = await startCluster(t);
  const manifest = load(await readFile(join(testdata, 'valid', 'smallest.yaml'), 'utf8')) as KubeObject;
  const status = load(await readFile(join(testdata, 'status.yaml'), 'utf8'));
  const created = await create(cluster, manifest);
  const path = `${collectionOf(cluster, manifest)}/${manifest.metadata.name}/status`;
  const query = { fieldValidation: 'Strict' };
  const updated = await cluster.api.send<KubeObject>('PUT', path, { query, body: { ...created, status } });
  assert.deepEqual(updated.status, status);
  const table = await cluster.kubectl(['get', 'sset', '-o', 'wide']);
  assert.match(table, /^NAME +READY +STATUS +AGE +REASON +VERSION\n/);
  assert.match(table, /\nsmallest +False +stage "storefront": apply: field is immutable +\S+ +StageFailed +2\.0\.0\n/);
});

test('an inventory shows its stage, and with -o wide how much it holds', async (t) => {
  const cluster = await startCluster(t);
  const [manifest] = loadAll(await readFile(join(testdata, 'valid', 'inventory.yaml'), 'utf8')) as KubeObject[];
  assert.ok(manifest);
  await create(cluster, manifest);
  assert.match(await cluster.kubectl(['get', 'sinv']), /^NAME +STAGE +AGE\n\S+ +storefront +\S+\n/);
  assert.match(await cluster.kubectl(['get', 'sinv', '-o', 'wide']), / ENTRIES\n.* 3\n$/);
});

test('every rule is refused by the API server or the validator, naming the field', async (t) => {
  const cluster = await startCluster(t);
  const folder = join(testdata, 'invalid');
  for (const file of await readdir(folder)) {
    for (const text of (await readFile(join(folder, file), 'utf8')).split('---\n')) {
      const [, path = '', refusedBy] = /^# (.+), by (the API server|the validator)\n/.exec(text) ?? [];
      await t.test(`${file}: ${path}`, async () => {
        const manifest = load(text) as KubeObject;
        const found = validateStageSet({
          ...manifest,
          metadata: { ...manifest.metadata, namespace: cluster.namespace },
        });
        assert.deepEqual(
          found.map((violation) => violation.path),
          [path],
        );
        const attempt = create(cluster, manifest, { dryRun: 'All' });
        if (refusedBy === 'the API server') {
          // It names a duplicate by its list item, and what is missing by its place.
          await assert.rejects(attempt, (error: Error) => error.message.includes(path.split('.').at(-1) ?? path));
        } else {
          await attempt;
          assert.match(describeViolation(found[0]!), /^spec\.\S+: \S/);
        }
      });
    }
  }
});

test('kubectl explain tells what a field is for and what it defaults to', async (t) => {
  const cluster = await startCluster(t);
  const stages = await cluster.kubectl(['explain', 'stageset.spec.stages']);
  assert.match(stages, /rolled out in this order/);
  assert.match(stages, /prune\s+<boolean>\s+Deletes objects/);
  assert.match((await cluster.kubectl(['explain', 'sset.spec.timeout'])).replaceAll(/\s+/g, ' '), /Defaults to 15m\./);
});

function create(cluster: TestCluster, manifest: KubeObject, query: Record<string, string> = {}): Promise<KubeObject> {
  return cluster.api.send('POST', collectionOf(cluster, manifest), {
    query: { fieldValidation: 'Strict', ...query },
    body: manifest,
  });
}

function collectionOf(cluster: TestCluster, { apiVersion, kind }: KubeObject): string {
  const plural = kind === 'StageSet' ? 'stagesets' : 'stageinventories';
  return `/apis/${apiVersion}/namespaces/${cluster.namespace}/${plural}`;
}
