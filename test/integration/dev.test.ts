import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runKubectl } from '../harness/kubectl.ts';
import { startScript } from '../harness/script.ts';

test('npm run dev keeps up with the files of its examples until Ctrl-C', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'examples-'));
  t.after(() => rm(folder, { recursive: true }));
  await cp(join(import.meta.dirname, '..', '..', 'examples'), folder, { recursive: true });
  const shop = join(folder, 'shop');
  const dev = await startScript(t, 'tools/dev.ts', [folder]);

  const [, kubeconfig = ''] = await dev.printed(/export KUBECONFIG=(\S+)/);
  const [, binary = ''] = await dev.printed(/alias kubectl=(\S+)/);
  const kubectl = (...args: string[]) => runKubectl(binary, [`--kubeconfig=${kubeconfig}`, '-n=shop', ...args]);
  await dev.printed(succeeded(1));

  await edit(join(shop, 'manifests/app/deployment.yaml'), (text) => text.replace('web:1.0.0', 'web:1.0.7'));
  await dev.printed(succeeded(2));
  assert.match(await kubectl('get', 'deployment', 'web', '-o', 'jsonpath={..image}'), /web:1\.0\.7$/);

  await rm(join(shop, 'manifests/release/banner.yaml'));
  await dev.printed(/shop: ConfigMap\/banner is gone/);
  assert.doesNotMatch(await kubectl('get', 'configmaps', '-o', 'name'), /banner/);

  await edit(join(shop, 'manifests/app/service.yaml'), (text) => `${text}  bogus: true\n`);
  await dev.printed(/shop: StageFailed: .*bogus/);

  await edit(join(shop, 'stageset.yaml'), (text) => text.replace('10m', 'soon'));
  await dev.printed(/shop: .*spec\.interval/);
  await edit(join(shop, 'stageset.yaml'), () => 'kind: [');
  await dev.printed(/shop: .*stageset\.yaml/);

  dev.signal('SIGINT');
  assert.equal(await dev.exitCode, 0);
  assert.deepEqual(await dev.traces(), []);
});

test('npm run dev says so where there is nothing to serve', async (t) => {
  const dev = await startScript(t, 'tools/dev.ts', ['docs']);
  assert.equal(await dev.exitCode, 1);
  assert.match(dev.output, /^no folder in .*docs holds a stageset\.yaml$/m);
});

function succeeded(times: number): RegExp {
  return new RegExp(`(shop: Succeeded[\\s\\S]*){${times}}`);
}

async function edit(file: string, change: (text: string) => string): Promise<void> {
  await writeFile(file, change(await readFile(file, 'utf8')));
}
