import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, type TestContext } from 'node:test';
import type { ControlPlane } from '../../tools/control-plane/control-plane.ts';
import { installCrds } from '../../tools/control-plane/crds.ts';
import { connectTo, type KubeApi } from '../../tools/control-plane/kube-api.ts';
import { createNamespace } from '../../tools/control-plane/namespace.ts';
import { type Toolset, toolsetIn } from '../../tools/control-plane/toolset.ts';
import { runKubectl } from './kubectl.ts';
import { borrowed, describe, type SharedCluster, startTestControlPlane } from './shared-cluster.ts';

/** A namespace of one's own on the cluster of this test run, and the hands to work on it from outside. */
export interface TestCluster extends SharedCluster {
  readonly namespace: string;
  /** The text; its contexts are `admin` (current) and `controller`. */
  readonly kubeconfig: string;
  readonly toolset: Toolset;
  /** As `admin`. */
  readonly api: KubeApi;
  /** In the namespace unless told otherwise; rejects, with what kubectl printed, unless it ends with 0. */
  kubectl(args: readonly string[], options?: { readonly input?: string }): Promise<string>;
  installCrds(files: readonly string[]): Promise<void>;
}

/**
 * The control plane is the one of the test run or, for a file run by itself, one that ends with this process.
 * It is shared with other tests: break only one that you started yourself, with `startTestControlPlane`.
 */
export async function startCluster(t: TestContext): Promise<TestCluster> {
  connection ??= connect();
  const { shared, api } = await connection;
  const toolset = toolsetIn(shared.toolsetFolder);
  const namespace = namespaceFor(t.name);
  await createNamespace(api, namespace);
  return {
    ...shared,
    namespace,
    kubeconfig: await readFile(shared.kubeconfigPath, 'utf8'),
    toolset,
    api,
    kubectl: (args, options = {}) =>
      runKubectl(
        toolset.binary('kubectl'),
        [
          `--kubeconfig=${shared.kubeconfigPath}`,
          `--cache-dir=${join(shared.dir, 'kubectl')}`,
          `-n=${namespace}`,
          ...args,
        ],
        options.input,
      ),
    installCrds: (files) => installCrds(api, files),
  };
}

interface Connection {
  readonly shared: SharedCluster;
  readonly api: KubeApi;
  readonly own?: ControlPlane;
}

let connection: Promise<Connection> | undefined;

after(async () => {
  const { api, own } = (await connection?.catch(() => undefined)) ?? {};
  await api?.close();
  await own?.stop();
});

async function connect(): Promise<Connection> {
  const shared = await borrowed();
  if (shared !== undefined) return { shared, api: connectTo(shared.server, shared.adminToken) };
  const own = await startTestControlPlane();
  return { shared: describe(own), api: own.api, own };
}

/** Tells in a failed run's logs which test it was. */
function namespaceFor(title: string): string {
  const words = title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return `t-${words.slice(0, 40)}-${randomBytes(3).toString('hex')}`.replaceAll(/-+/g, '-');
}
