import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Component, createComponent } from '../control-plane/component.ts';
import type { ControlPlane } from '../control-plane/control-plane.ts';
import { startControlPlaneWithCrds } from '../control-plane/crds.ts';
import { toStderr } from '../control-plane/ensure-toolset.ts';
import { eventually } from '../control-plane/eventually.ts';
import { type Publisher, startPublisher } from '../publisher/publisher.ts';

/** Everything that a StageSet needs to roll out: a cluster, the controller, and something in place of Flux. */
export interface Playground extends AsyncDisposable {
  readonly plane: ControlPlane;
  readonly publisher: Publisher;
  readonly controller: Component;
  readonly controllerLog: string;
  /** Aborted, with the reason, when one of its programs ended though nobody asked it to. */
  readonly failed: AbortSignal;
  stop(): Promise<void>;
}

const entry = join(import.meta.dirname, '..', '..', 'src', 'main', 'main.ts');

/** All of it ends with `stop` or with this process, however that ends. */
export async function startPlayground(progress: (line: string) => void = toStderr): Promise<Playground> {
  progress('starting etcd, kube-apiserver, kube-controller-manager, kube-scheduler and kwok, which plays the node');
  const plane = await startControlPlaneWithCrds({ progress });
  const publisher = await startPublisher(plane.api);
  const stop = async () => {
    await publisher.close();
    await plane.stop();
  };
  try {
    progress('starting the controller');
    const controllerLog = join(plane.dir, 'stageset-controller.log');
    const controller = await startController(plane, controllerLog);
    const failed = AbortSignal.any([controller, ...Object.values(plane.components)].map(({ failed }) => failed));
    return { plane, publisher, controller, controllerLog, failed, stop, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Resolves when it is ready. */
async function startController(plane: ControlPlane, logFile: string): Promise<Component> {
  const args = [
    entry,
    `--kubeconfig=${plane.kubeconfigPath}`,
    '--allow-loopback-artifacts',
    '--allowed-action-hosts=127.0.0.1',
    '--allowed-action-hosts=*',
    '--metrics-bind-address=127.0.0.1:0',
    '--health-probe-bind-address=127.0.0.1:0',
    '--enable-webhook=false',
    '--gate-bind-address=127.0.0.1:0',
    '--log-encoding=text',
  ];
  const controller = createComponent(plane.guard, 'stageset-controller', { file: process.execPath, args, logFile });
  await controller.start();
  await eventually(
    async () => {
      const log = await readFile(logFile, 'utf8');
      if (!/ INFO +ready\b/.test(log)) throw new Error(`the controller does not get ready:\n${log}`);
    },
    { unless: controller.failed },
  );
  return controller;
}
