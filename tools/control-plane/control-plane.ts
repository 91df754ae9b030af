import { readFile } from 'node:fs/promises';
import type { Progress } from './build-toolset.ts';
import { argumentsOf, type Setup } from './commands.ts';
import { type Component, ComponentFailure, createComponent } from './component.ts';
import { ensureToolset, toStderr } from './ensure-toolset.ts';
import { freePort } from './free-port.ts';
import { type Guard, openGuard } from './guard.ts';
import { newTokens } from './identities.ts';
import type { KubeApi } from './kube-api.ts';
import type { Server } from './kubeconfig.ts';
import { type ComponentName, layoutIn } from './layout.ts';
import { writeInputs, writeKubeconfigs } from './prepare.ts';
import { firstContact, node, untilApiServerReady, untilPodsCanRun } from './readiness.ts';
import type { Toolset } from './toolset.ts';

export interface ControlPlaneOptions {
  /** Write `auditLogPath`: a JSON line for each request, without bodies. */
  readonly audit?: boolean;
  readonly progress?: Progress;
}

/** A Kubernetes cluster of processes: nodes and pods are played by kwok, all else is real. */
export interface ControlPlane extends AsyncDisposable {
  readonly dir: string;
  readonly toolset: Toolset;
  /** Contexts `admin` (current) and `controller`, a user without any rights but those you bind to it. */
  readonly kubeconfigPath: string;
  readonly kubeconfig: string;
  readonly server: Server;
  readonly adminToken: string;
  /** As `admin`. */
  readonly api: KubeApi;
  readonly auditLogPath: string | undefined;
  readonly components: Readonly<Record<ComponentName, Component>>;
  readonly pids: readonly number[];
  /** For processes that shall end with the control plane. */
  readonly guard: Guard;
  /** Resolves when the API server answers that it is ready, as after its restart. */
  ready(): Promise<void>;
  stop(): Promise<void>;
}

/** Promises: a ready API server, the namespace `default` with its ServiceAccount, and a node that takes pods. */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const { audit = false, progress = toStderr } = options;
  const toolset = await ensureToolset(progress);
  for (let attempt = 1; ; attempt += 1) {
    const guard = await openGuard();
    try {
      return await boot(guard, toolset, audit);
    } catch (error) {
      await guard.close();
      if (!isPortTaken(error) || attempt === 5) throw error;
    }
  }
}

async function boot(guard: Guard, toolset: Toolset, audit: boolean): Promise<ControlPlane> {
  const layout = layoutIn(guard.dir);
  const tokens = newTokens();
  const apiServerPort = await freePort();
  const components = createComponents(guard, { layout, toolset, audit, apiServerPort });
  await writeInputs(layout, tokens);

  await Promise.all([components.etcd.start(), components['kube-apiserver'].start()]);
  const url = `https://127.0.0.1:${apiServerPort}`;
  const { server, api } = await firstContact(url, layout, tokens.admin, anyFailure(components));
  await writeKubeconfigs(layout, server, tokens);
  await Promise.all([
    components['kube-controller-manager'].start(),
    components['kube-scheduler'].start(),
    components.kwok.start(),
    api.create(node),
  ]);
  await untilPodsCanRun(api, anyFailure(components));

  const stop = async () => {
    await api.close();
    await guard.close();
  };
  return {
    dir: guard.dir,
    toolset,
    kubeconfigPath: layout.kubeconfig,
    kubeconfig: await readFile(layout.kubeconfig, 'utf8'),
    server,
    adminToken: tokens.admin,
    api,
    auditLogPath: audit ? layout.auditLog : undefined,
    components,
    get pids() {
      return [guard.pid, ...Object.values(components).flatMap(({ pid }) => pid ?? [])];
    },
    guard,
    ready: () => untilApiServerReady(api, anyFailure(components)),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function createComponents(guard: Guard, setup: Setup): ControlPlane['components'] {
  const create = (name: ComponentName) =>
    createComponent(guard, name, {
      file: setup.toolset.binary(name),
      args: argumentsOf[name](setup),
      logFile: setup.layout.log(name),
    });
  return {
    etcd: create('etcd'),
    'kube-apiserver': create('kube-apiserver'),
    'kube-controller-manager': create('kube-controller-manager'),
    'kube-scheduler': create('kube-scheduler'),
    kwok: create('kwok'),
  };
}

function anyFailure(components: ControlPlane['components']): AbortSignal {
  return AbortSignal.any(Object.values(components).map(({ failed }) => failed));
}

/** Another program took the port between our asking for it and the API server's binding it. */
function isPortTaken(error: unknown): boolean {
  return error instanceof ComponentFailure && error.message.includes('address already in use');
}
