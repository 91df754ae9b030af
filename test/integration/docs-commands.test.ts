import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { generateIdentity } from 'age-encryption';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import { commandsOf } from '../../tools/docs/commands.ts';
import { docsFolder, readPages } from '../../tools/docs/pages.ts';
import { snippetsOf } from '../../tools/docs/snippets.ts';
import { configMap, deployment, type Manifest, type Scene, startScene } from '../harness/scene.ts';
import { type Ended, folderWith } from '../harness/stagesetctl.ts';
import { letTenantWork, tenant } from '../harness/tenant.ts';

/** What cannot be run here, and why. The list may only get shorter. */
const excused: readonly { readonly command: RegExp; readonly because: string }[] = [
  {
    command: /^docker /,
    because: 'there is no container builder; test/integration/image.test.ts takes the steps of the Dockerfile',
  },
  { command: /^helm /, because: 'the tests of the chart and of the quickstart run it for real' },
  { command: /^(?:sops|age-keygen) /, because: 'test/conformance/sops.test.ts judges by files of the real ones' },
  { command: /^stageset-controller --events-addr/, because: 'test/integration/notifications.test.ts starts it so' },
  {
    command: /notification-controller|alerts\.notification|notifications\/alert\.yaml/,
    because: 'Flux is not installed here',
  },
  { command: /^kubectl port-forward |^curl .*127\.0\.0\.1:8081/, because: 'no kubelet forwards ports' },
  { command: /\/services\/stageset-controller-gate/, because: 'no pod stands behind a Service' },
];

/** What commands may end with in a cluster whose pods are played: that the rest of the way was right shows in these words. */
const forgiven: readonly { readonly command: RegExp; readonly words: RegExp }[] = [
  {
    command: /^kubectl logs /,
    words: /no preferred addresses|dial tcp|no route|connection refused|proxy error|previous terminated container/,
  },
  { command: /^kubectl top /, words: /Metrics API not available/ },
  { command: /^kubectl (?:-n \S+ )?create /, words: /AlreadyExists|already exists/ },
  { command: /^kubectl auth can-i /, words: /^no\b/ },
  // It says by this that there are changes.
  { command: /^stagesetctl diff /, words: /^--- live/ },
];

const writes = /^kubectl (?:-n \S+ )?(?:create|apply|annotate|patch|delete|scale) /;
const drives = /^stagesetctl (?:suspend|resume|reconcile|watch) /;

test('every command in the docs is one that works', async (t) => {
  const commands = [...new Set((await pages()).flatMap(commandsIn))];
  assert.ok(commands.length > 80, 'the pages were read');
  const unused = excused.filter(({ command }) => !commands.some((each) => command.test(each)));
  assert.deepEqual(unused, []);
  const toRun = commands.filter((each) => !excused.some(({ command }) => command.test(each)));
  const npm = toRun.filter((command) => command.startsWith('npm '));
  assert.deepEqual(await unknownScripts(npm), []);

  const scene = await startScene(t);
  await setUp(scene);
  const files = await filesAtHand();
  const run = async (command: string) => runIn(scene, await folderWith(files), command);
  const wrong: string[] = [];
  const others = toRun.filter((command) => !npm.includes(command));
  // What drives a StageSet comes one after the other: a suspended one is not reconciled.
  for (const command of others.filter((each) => drives.test(each))) {
    wrong.push(...objectionsTo(command, await run(command)));
    if (/ suspend /.test(command)) await run(command.replace('suspend', 'resume'));
  }
  const rest = others.filter((each) => !drives.test(each));
  const next = rest.values();
  await Promise.all(
    [1, 2, 3].map(async () => {
      for (const command of next) wrong.push(...objectionsTo(command, await run(command)));
    }),
  );
  assert.deepEqual(wrong, []);
});

async function pages() {
  const skill = join(docsFolder, '..', 'skills', 'stageset', 'SKILL.md');
  return [...(await readPages()), { path: 'SKILL.md', text: await readFile(skill, 'utf8') }];
}

function commandsIn(page: { readonly path: string; readonly text: string }): readonly string[] {
  return snippetsOf(page, 'sh', 'shell', 'bash').flatMap(({ text }) => commandsOf(text));
}

async function unknownScripts(commands: readonly string[]): Promise<readonly string[]> {
  const { scripts } = JSON.parse(await readFile(join(docsFolder, '..', 'package.json'), 'utf8')) as { scripts: object };
  return commands.filter((command) => !Object.hasOwn(scripts, /^npm run (\S+)/.exec(command)?.[1] ?? ''));
}

/** Writes are played through by the server and kept nowhere, so that no command meets what another has left. */
function runIn({ plane }: Scene, cwd: string, command: string): Promise<Ended> {
  const alone = command.replace(/ \| grep .*$/, ''); // there may be nothing to be found
  const harmless = writes.test(alone) && !alone.includes('--dry-run') ? `${alone} --dry-run=server` : alone;
  const path = [dirname(plane.toolset.binary('kubectl')), join(docsFolder, '..', 'bin'), process.env.PATH].join(':');
  const env = { ...process.env, PATH: path, KUBECONFIG: plane.kubeconfigPath, EDITOR: 'true' };
  return new Promise((resolve) => {
    const child = execFile('/bin/sh', ['-c', harmless], { env, cwd, timeout: 120_000 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
    });
    child.stdin?.end();
  });
}

function objectionsTo(command: string, { code, stdout, stderr }: Ended): readonly string[] {
  if (code === 0) return [];
  const told = `${stdout}${stderr}`.trim();
  if (forgiven.some((each) => each.command.test(command) && each.words.test(told))) return [];
  return [`${command}: ended with ${code}: ${told}`];
}

/** What the pages take for granted: StageSets in `apps`, and the controller in `stageset-system`. */
async function setUp({ api, publisher, controller }: Scene): Promise<void> {
  const namespaces = ['apps', 'stageset-system', 'flux-system'];
  for (const name of namespaces) await api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  await letTenantWork(api, 'apps');
  const place = (namespace: string, name: string) => {
    const manifest = deployment(name) as unknown as KubeObject;
    return api.create({ ...manifest, metadata: { name, namespace } });
  };
  await place('stageset-system', 'stageset-controller');
  await place('flux-system', 'source-controller');
  await api.create({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'stageset-controller' },
  });
  await controller();
  for (const name of ['shop', 'base', 'web', 'podinfo']) {
    await publisher.publish({ kind: 'GitRepository', namespace: 'apps', name, files: manifestsOf(name) });
    await api.create(stageSet(name) as KubeObject);
  }
}

function manifestsOf(name: string): Readonly<Record<string, string>> {
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector: { app: name }, ports: [{ port: 80 }] },
  };
  const workload = name === 'shop' ? [deployment('web')] : [];
  return manifestFiles([configMap(`${name}-settings`), service, ...workload]);
}

function manifestFiles(manifests: readonly Manifest[]): Readonly<Record<string, string>> {
  return Object.fromEntries(manifests.map((each, i) => [`${i}.yaml`, JSON.stringify(each)]));
}

function stageSet(name: string) {
  const stages = [{ name: 'app', sourceRef: { kind: 'GitRepository', name } }];
  const spec = { interval: '1h', serviceAccountName: tenant, stages };
  return { apiVersion: 'stages.metio.wtf/v1', kind: 'StageSet', metadata: { name, namespace: 'apps' }, spec };
}

async function filesAtHand(): Promise<Readonly<Record<string, string>>> {
  const source = { apiVersion: 'source.toolkit.fluxcd.io/v1', kind: 'GitRepository' };
  return {
    'stageset.yaml': JSON.stringify(stageSet('shop')),
    'source.yaml': JSON.stringify({
      ...source,
      metadata: { name: 'podinfo', namespace: 'apps' },
      spec: { url: 'https://git.example.com/podinfo.git', interval: '1m' },
    }),
    'kustomization.yaml': JSON.stringify({
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'Kustomization',
      metadata: { name: 'shop', namespace: 'apps' },
      spec: { interval: '10m', prune: true, path: './app', sourceRef: { kind: 'GitRepository', name: 'shop' } },
    }),
    'application.yaml': JSON.stringify({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name: 'shop', namespace: 'argocd' },
      spec: {
        project: 'default',
        source: { repoURL: 'https://git.example.com/shop.git', path: 'app', targetRevision: 'main' },
        destination: { server: 'https://kubernetes.default.svc', namespace: 'apps' },
      },
    }),
    'checkout/app.yaml': JSON.stringify(configMap('settings')),
    'cluster.yaml': JSON.stringify(configMap('cluster')),
    'age.agekey': await generateIdentity(),
  };
}
