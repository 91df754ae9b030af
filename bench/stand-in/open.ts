import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { type ControllerProcess, startController } from '../../test/harness/controller.ts';
import { connectTo } from '../../tools/control-plane/kube-api.ts';
import { startPublisher } from '../../tools/publisher/publisher.ts';
import type { FleetSite } from '../harness/fleet.ts';
import type { Served } from './server.ts';

/** A site whose API server is the stand-in. */
export interface StandInSite extends FleetSite, AsyncDisposable {
  startController(flags: readonly string[]): Promise<ControllerProcess>;
  served(): Promise<Served>;
}

export async function openStandIn(): Promise<StandInSite> {
  await using undone = new AsyncDisposableStack();
  const child = spawn(process.execPath, [join(import.meta.dirname, 'server.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  undone.defer(() => void child.kill());
  const [port] = await once(child.stdout, 'data');
  const url = `http://127.0.0.1:${Number(port)}`;
  const dir = await mkdtemp(join(tmpdir(), 'stand-in-'));
  undone.defer(() => rm(dir, { recursive: true, force: true }));
  const kubeconfig = join(dir, 'kubeconfig');
  await writeFile(kubeconfig, kubeconfigOf(url));
  const api = undone.use(connectTo({ url, certificateAuthority: '' }, 'nobody'));
  const publisher = undone.use(await startPublisher(api));
  const all = undone.move();
  return {
    plane: { api },
    publisher,
    createNamespace: async (name) => {
      await api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    },
    async startController(flags) {
      const controller = await startController(kubeconfig, ['--log-level=info', ...flags]);
      all.defer(() => controller.kill());
      return controller;
    },
    served: async () => (await (await fetch(`${url}/stand-in`)).json()) as Served,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

function kubeconfigOf(server: string): string {
  return dump({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'stand-in', cluster: { server } }],
    users: [{ name: 'nobody', user: { token: 'nobody' } }],
    contexts: [{ name: 'stand-in', context: { cluster: 'stand-in', user: 'nobody' } }],
    'current-context': 'stand-in',
  });
}
