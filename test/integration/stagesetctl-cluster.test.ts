import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { dump, load } from 'js-yaml';
import { oneStage, startScene } from '../harness/scene.ts';
import { folderWith, stagesetctl, stagesetctlAt } from '../harness/stagesetctl.ts';
import { startHttpServer } from '../support/http-server.ts';

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

test('without our kinds the CRDs are missing, without a server another one is to be chosen', async (t) => {
  const { origin } = await startHttpServer(t, (_request, response) => {
    response.writeHead(404).end('404 page not found\n');
  });
  const stderr = 'stagesetctl: this cluster has no StageSets: install the CRDs, or choose another with --context\n';
  for (const args of [['get'], ['get', 'shop'], ['suspend', 'shop'], ['watch', 'shop']]) {
    assert.deepEqual(await stagesetctl([...args, '--server', origin]), { code: 3, stdout: '', stderr });
  }
  const nobody = await stagesetctl(['get', '--server', 'http://127.0.0.1:1']);
  const remedy = 'choose another cluster with --context, or see that this one is up';
  const refused = `stagesetctl: cannot reach http://127.0.0.1:1: connection refused: ${remedy}\n`;
  assert.deepEqual(nobody, { code: 3, stdout: '', stderr: refused });
  const none = await stagesetctl(['get']);
  assert.deepEqual([none.code, none.stdout], [3, '']);
  assert.match(none.stderr, /^stagesetctl: no cluster to talk to: no --kubeconfig, no KUBECONFIG/);
});

test('a kubeconfig that is not there is said so, and so is what it names', async (t) => {
  const { plane } = await startScene(t);
  const says = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await stagesetctl(['get', ...args]);
    assert.deepEqual([code, stdout], [3, '']);
    return stderr;
  };
  const remedy = 'choose another with --kubeconfig or KUBECONFIG';
  const missing = `stagesetctl: kubeconfig /no/such: it does not exist: ${remedy}\n`;
  assert.equal(await says('--kubeconfig', '/no/such'), missing);
  const folder = `stagesetctl: kubeconfig ${plane.dir}: it is a folder, not a file: ${remedy}\n`;
  assert.equal(await says('--kubeconfig', plane.dir), folder);
  const named = await says('--kubeconfig', plane.kubeconfigPath, '--certificate-authority', '/no/ca');
  assert.match(named, /: cannot read "\/no\/ca": it does not exist: choose another with/);
});

test('a request that no controller answers says so', async (t) => {
  const scene = await startScene(t);
  await scene.roll('shop', oneStage('none'));
  const { code, stderr } = await stagesetctlAt(scene)('reconcile', 'shop', '--wait', '--timeout', '1s');
  const says = `StageSet ${scene.namespace}/shop has not moved within 1s: see that the controller runs`;
  assert.deepEqual([code, stderr], [3, `stagesetctl: ${says}\n`]);
});
