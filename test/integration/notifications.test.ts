import assert from 'node:assert/strict';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { loadAll } from 'js-yaml';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { startCluster } from '../harness/cluster.ts';

const root = join(import.meta.dirname, '..', '..');
const folder = join(root, 'examples', 'notifications');
const crd = 'alerts.notification.toolkit.fluxcd.io';
const refused = /spec\.eventSources\[0\]\.kind: Unsupported value: "StageSet"/;

test('an Alert may name StageSets once Flux’s CRD is patched as the docs say', async (t) => {
  const cluster = await startCluster(t);
  await cluster.installCrds([cluster.toolset.alertCrd]);
  t.after(() => cluster.kubectl(['delete', 'crd', crd]));
  const documents = loadAll(await readFile(join(folder, 'alert.yaml'), 'utf8')) as readonly { readonly kind: string }[];
  const alert = JSON.stringify(documents.find(({ kind }) => kind === 'Alert'));
  const create = () => cluster.kubectl(['create', '-f', '-'], { input: alert });

  await assert.rejects(create, refused);
  await cluster.kubectl(argumentsOf(await documented('kubectl patch crd')));
  await eventually(create); // it takes the server a moment to serve the changed schema
  const made = await cluster.kubectl(['get', 'alert', 'rollouts', '-o=jsonpath={.spec.eventSources[0].kind}']);
  assert.equal(made, 'StageSet');
});

test('the same patch does in Flux’s own kustomization', async (t) => {
  const cluster = await startCluster(t);
  const flux = await temporaryFolder(t);
  await copyFile(cluster.toolset.alertCrd, join(flux, 'gotk-components.yaml'));
  await copyFile(join(folder, 'alert-kinds.yaml'), join(flux, 'alert-kinds.yaml'));
  await writeFile(
    join(flux, 'kustomization.yaml'),
    (await documented('resources:')).replace('  - gotk-sync.yaml\n', ''),
  );
  const [built] = loadAll(await cluster.kubectl(['kustomize', flux])) as readonly AlertCrd[];
  const [original] = loadAll(await readFile(cluster.toolset.alertCrd, 'utf8')) as readonly AlertCrd[];
  assert.deepEqual(kindsIn(built), [...kindsIn(original), 'StageSet']);
});

test('a CRD with other versions is left as it is', async (t) => {
  const cluster = await startCluster(t);
  const file = join(await temporaryFolder(t), 'crd.yaml');
  const text = await readFile(cluster.toolset.alertCrd, 'utf8');
  await writeFile(file, text.replace('name: v1beta3', 'name: v1'));
  const patch = ['--local', '--type=json', `--patch-file=${join(folder, 'alert-kinds.yaml')}`, '-o=yaml'];
  await assert.rejects(cluster.kubectl(['patch', '-f', file, ...patch]), /test.*failed|testing value/i);
});

interface AlertCrd {
  readonly spec: { readonly versions: readonly { readonly schema: { readonly openAPIV3Schema: object } }[] };
}

function kindsIn(found: AlertCrd | undefined): readonly string[] {
  const path = ['spec', 'eventSources', 'items', 'kind'];
  let schema: unknown = found?.spec.versions[0]?.schema.openAPIV3Schema;
  for (const step of path) {
    const { properties, items } = schema as { properties?: Record<string, unknown>; items?: unknown };
    schema = step === 'items' ? items : properties?.[step];
  }
  return (schema as { readonly enum: readonly string[] }).enum;
}

/** The block of docs/notifications.md that begins so. */
async function documented(beginning: string): Promise<string> {
  const text = await readFile(join(root, 'docs', 'notifications.md'), 'utf8');
  const blocks = [...text.matchAll(/^```\w+\n(.*?)^```$/gms)].map(([, block = '']) => block);
  return blocks.find((block) => block.startsWith(beginning)) ?? assert.fail(`no block begins with ${beginning}`);
}

/** Of a line for the shell, run from the root of the repository. */
function argumentsOf(line: string): readonly string[] {
  const [, ...args] = line.trim().split(' ');
  return args.map((argument) => argument.replace('--patch-file=', `--patch-file=${root}/`));
}

async function temporaryFolder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'stageset-flux-'));
  t.after(() => rm(path, { recursive: true }));
  return path;
}
