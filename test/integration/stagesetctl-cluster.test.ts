import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { dump, load } from 'js-yaml';
import { oneStage, startScene } from '../harness/scene.ts';
import { folderWith, stagesetctl } from '../harness/stagesetctl.ts';

interface Kubeconfig {
  readonly contexts: readonly { readonly context: { namespace?: string } }[];
}

// What every command says of a cluster that is not what it takes it for. `build` stands for all of them.

test('a StageSet that is not there is looked for under names like it, and in other namespaces', async (t) => {
  const scene = await startScene(t);
  const { namespace, plane } = scene;
  const connection = ['--kubeconfig', plane.kubeconfigPath];
  await scene.roll('payments', { ...oneStage('none'), suspend: true });
  const says = async (args: readonly string[]) => {
    const { code, stdout, stderr } = await stagesetctl(['build', ...args, ...connection]);
    assert.deepEqual([code, stdout], [3, '']);
    return stderr;
  };
  const inNamespace = ['-n', namespace];
  const missing = `stagesetctl: StageSet ${namespace}/paymnets does not exist`;
  assert.equal(await says(['paymnets', ...inNamespace]), `${missing}: did you mean "payments"?\n`);
  const elsewhere = `there is one in "${namespace}", choose it with -n`;
  assert.equal(
    await says(['payments', '-n', 'nowhere']),
    `stagesetctl: StageSet nowhere/payments does not exist: ${elsewhere}\n`,
  );
  assert.equal(
    await says(['orders', ...inNamespace]),
    `stagesetctl: StageSet ${namespace}/orders does not exist: choose another namespace with -n\n`,
  );
});

test('who may not read is told what to ask for, and who is unknown to log in', async (t) => {
  const { namespace, plane } = await startScene(t);
  const connection = ['--kubeconfig', plane.kubeconfigPath, '-n', namespace];
  const refused = await stagesetctl(['build', 'shop', '--as', 'nobody', ...connection]);
  assert.deepEqual([refused.code, refused.stdout], [3, '']);
  assert.equal(
    refused.stderr,
    'stagesetctl: stagesets.stages.metio.wtf "shop" is forbidden: User "nobody" cannot get resource "stagesets" in API ' +
      `group "stages.metio.wtf" in the namespace "${namespace}": ask for this grant, or be somebody else with --context or --as\n`,
  );
  const unknown = await stagesetctl(['build', 'shop', '--token', 'wrong', ...connection]);
  assert.equal(unknown.code, 3);
  assert.match(unknown.stderr, /Unauthorized: log in again, or be somebody else with --context\n$/);
});

test('the namespace is that of the context', async (t) => {
  const scene = await startScene(t);
  await scene.roll('payments', { ...oneStage('none'), suspend: true });
  const kubeconfig = load(await readFile(scene.plane.kubeconfigPath, 'utf8')) as Kubeconfig;
  for (const { context } of kubeconfig.contexts) context.namespace = scene.namespace;
  const folder = await folderWith({ config: dump(kubeconfig) });
  const { stderr } = await stagesetctl(['build', 'payment'], { env: { KUBECONFIG: join(folder, 'config') } });
  assert.equal(stderr, `stagesetctl: StageSet ${scene.namespace}/payment does not exist: did you mean "payments"?\n`);
});
