import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { StageSet } from '../../src/shared/api/types.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { commandsOf } from '../../tools/docs/commands.ts';
import { docsFolder, readPages } from '../../tools/docs/pages.ts';
import { snippetsOf } from '../../tools/docs/snippets.ts';
import { helm3Oracle, oracleBinary } from '../../tools/oracles/oracle-binary.ts';
import { argsIn, chart, type DeploymentObject } from '../harness/helm.ts';
import { type InstalledController, startInstalled } from '../harness/installed.ts';
import { configMap, deployment, type Scene, startScene } from '../harness/scene.ts';
import { folderWith } from '../harness/stagesetctl.ts';

const system = 'stageset-system';
const release = 'stageset-controller';
const crdApi = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' };

test('whoever follows the quickstart word for word has a Ready StageSet, and at the end nothing of it', async (t) => {
  const scene = await startScene(t);
  const { api } = scene;
  for (const plural of ['stagesets', 'stageinventories']) {
    const crd = { ...crdApi, name: `${plural}.stages.metio.wtf` };
    await api.delete(crd);
    await eventually(async () => assert.equal(await api.find(crd), undefined));
  }
  const shell = await shellOf(scene);
  const podinfo = { apiVersion: 'stages.metio.wtf/v1', kind: 'StageSet', namespace: 'apps', name: 'podinfo' };
  const service = { apiVersion: 'v1', kind: 'Service', namespace: 'apps', name: 'podinfo' };
  let controller: InstalledController | undefined;
  t.after(() => controller?.[Symbol.asyncDispose]());

  for (const step of await stepsOfQuickstart()) {
    if (step.is === 'file') {
      await shell.write(step.name, step.text);
      continue;
    }
    await shell.run(step.command);
    // What other machines do: the pod of the controller, Flux's source-controller.
    if (step.command.startsWith('helm upgrade')) controller = await startPod(scene);
    if (step.command.includes('apply -f source.yaml')) await publishPodinfo(scene);
    if (step.command.includes('wait stageset/podinfo')) {
      const { status } = await api.get<StageSet>(podinfo);
      assert.equal(status?.stages?.[0]?.executedActions?.[0], 'two-pods');
    }
    if (step.command.includes('delete service')) await eventually(() => api.get(service));
  }
  assert.equal(await api.find(podinfo), undefined);
  await eventually(async () => assert.equal(await api.find(service), undefined));
});

type Step =
  | { readonly is: 'file'; readonly name: string; readonly text: string }
  | { readonly is: 'command'; readonly command: string };

async function stepsOfQuickstart(): Promise<readonly Step[]> {
  const page = (await readPages()).find(({ path }) => path === 'quickstart.md');
  assert.ok(page);
  return snippetsOf(page, 'yaml', 'sh').flatMap(({ language, text }): readonly Step[] => {
    if (language === 'yaml') return [{ is: 'file', name: /^# (\S+)\n/.exec(text)?.[1] ?? '', text }];
    // Nothing here builds images.
    const commands = commandsOf(text).filter((command) => !command.startsWith('docker '));
    return commands.map((command) => ({ is: 'command', command }));
  });
}

/** In a folder with the chart in it, as in a checkout. */
async function shellOf({ plane }: Scene) {
  const folder = await folderWith({ 'README.md': '' });
  await symlink(chart, join(folder, 'chart'));
  await symlink(await oracleBinary(helm3Oracle), join(folder, 'helm'));
  const path = [folder, dirname(plane.toolset.binary('kubectl')), join(docsFolder, '..', 'bin'), process.env.PATH];
  const env = { PATH: path.join(':'), HOME: folder, KUBECONFIG: plane.kubeconfigPath, REGISTRY: 'registry.example' };
  return {
    write: (name: string, text: string) => writeFile(join(folder, name), text),
    run: (command: string) =>
      new Promise<void>((resolve, reject) => {
        const child = execFile(
          '/bin/sh',
          ['-c', command],
          { env, cwd: folder, timeout: 360_000 },
          (error, out, err) => {
            if (error === null) resolve();
            else reject(new Error(`${command}: ended with ${error.code}: ${out}${err}`));
          },
        );
        child.stdin?.end();
      }),
  };
}

/** There is no network of pods here: the Service of the webhook leads to this machine instead. */
async function startPod({ api, plane }: Scene): Promise<InstalledController> {
  const name = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: system, name: release };
  const args = argsIn([await api.get<DeploymentObject>(name)]);
  const controller = await startInstalled({ plane, namespace: system }, release, args);
  await api.patch(
    { apiVersion: 'v1', kind: 'Service', namespace: system, name: `${release}-webhook` },
    { spec: { type: 'ExternalName', externalName: 'localhost', clusterIP: null, clusterIPs: null } },
  );
  const port = Number(new URL(controller.originOf('webhook')).port);
  await api.patch(
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      name: release,
    },
    [{ op: 'replace', path: '/webhooks/0/clientConfig/service/port', value: port }],
    { type: 'json' },
  );
  return controller;
}

/** As the repository that the page names has it: the autoscaler sees to the second pod. */
async function publishPodinfo({ publisher }: Scene): Promise<void> {
  const { spec, ...rest } = deployment('podinfo') as { spec: { replicas?: number } };
  const { replicas: _none, ...workload } = spec;
  const manifests = [
    { ...rest, spec: workload },
    {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'podinfo' },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'podinfo' },
        minReplicas: 2,
        maxReplicas: 4,
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'podinfo' },
      spec: { selector: { app: 'podinfo' }, ports: [{ port: 9898 }] },
    },
    configMap('podinfo'),
  ];
  const files = Object.fromEntries(manifests.map((each, i) => [`kustomize/${i}.yaml`, JSON.stringify(each)]));
  await publisher.publish({ kind: 'GitRepository', namespace: 'apps', name: 'podinfo', files });
}
