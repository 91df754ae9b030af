import { readFile } from 'node:fs/promises';
import { eventually } from './eventually.ts';
import { connectTo, type KubeApi } from './kube-api.ts';
import type { Server } from './kubeconfig.ts';
import type { Layout } from './layout.ts';

const patience = { timeoutMs: 60_000, everyMs: 25 };

/** Waits until the API server has made its certificate and answers under it. */
export async function firstContact(url: string, layout: Layout, token: string, unless: AbortSignal) {
  const ask = async (): Promise<{ readonly server: Server; readonly api: KubeApi }> => {
    const server = { url, certificateAuthority: await readFile(layout.serverCertificate, 'utf8') };
    const api = connectTo(server, token);
    try {
      await api.send('GET', '/readyz');
      return { server, api };
    } catch (error) {
      await api.close();
      throw error;
    }
  };
  return await eventually(ask, { ...patience, unless });
}

export async function untilApiServerReady(api: KubeApi, unless: AbortSignal): Promise<void> {
  await eventually(() => api.send('GET', '/readyz'), { ...patience, unless });
}

export const node = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'kwok', labels: { 'kubernetes.io/hostname': 'kwok', 'kubernetes.io/os': 'linux' } },
  status: {
    capacity: { cpu: '1000', memory: '1Ti', pods: '10000', 'ephemeral-storage': '1Ti' },
    allocatable: { cpu: '1000', memory: '1Ti', pods: '10000', 'ephemeral-storage': '1Ti' },
  },
} as const;

interface LiveNode {
  readonly spec: { readonly taints?: readonly unknown[] };
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** Pods can be made in the namespace `default`, and there is a node that takes them. */
export async function untilPodsCanRun(api: KubeApi, unless: AbortSignal): Promise<void> {
  await eventually(
    async () => {
      await api.get({ apiVersion: 'v1', kind: 'ServiceAccount', namespace: 'default', name: 'default' });
      const { spec, status } = await api.get<LiveNode>({ apiVersion: 'v1', kind: 'Node', name: node.metadata.name });
      const ready = status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
      if (!ready) throw new Error('the node is not ready');
      if (spec.taints !== undefined) throw new Error(`the node takes no pods: ${JSON.stringify(spec.taints)}`);
    },
    { ...patience, unless },
  );
}
