import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubeconfigOf, userOf } from './account.ts';
import { type ControllerProcess, startController } from './controller.ts';
import type { Scene } from './scene.ts';

export interface InstalledController extends ControllerProcess, AsyncDisposable {
  /** As the audit log names it. */
  readonly user: string;
}

interface InstallWishes {
  /** Puts something between the controller and the API server: takes the path of a kubeconfig and gives another. */
  readonly through?: (kubeconfig: string) => Promise<string>;
}

/** The process that a pod of the chart would run, as its account; only ports and files are this machine's. */
export async function startInstalled(
  { plane, namespace }: Pick<Scene, 'plane' | 'namespace'>,
  account: string,
  args: readonly string[],
  { through = async (kubeconfig) => kubeconfig }: InstallWishes = {},
): Promise<InstalledController> {
  const folder = await mkdtemp(join(tmpdir(), 'chart-'));
  const kubeconfig = await through(await kubeconfigOf(plane, namespace, account));
  const controller = await startController(kubeconfig, [
    ...args,
    '--metrics-bind-address=127.0.0.1:0',
    '--health-probe-bind-address=127.0.0.1:0',
    '--gate-bind-address=127.0.0.1:0',
    ...(args.includes('--enable-mcp=true') ? ['--mcp-bind-address=127.0.0.1:0'] : []),
    '--allow-loopback-artifacts',
    '--webhook-port=0',
    `--webhook-cert-dir=${folder}`,
  ]);
  return Object.assign(Object.create(controller), {
    user: userOf(namespace, account),
    async [Symbol.asyncDispose]() {
      await controller.kill();
      await rm(folder, { recursive: true });
    },
  });
}
