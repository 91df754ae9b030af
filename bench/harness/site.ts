import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dump, load } from 'js-yaml';
import { type ControllerProcess, startController } from '../../test/harness/controller.ts';
import { startTestControlPlane } from '../../test/harness/shared-cluster.ts';
import type { ControlPlane } from '../../tools/control-plane/control-plane.ts';
import { type Publisher, startPublisher } from '../../tools/publisher/publisher.ts';
import { type AuditWindow, openAuditWindow } from './audit-log.ts';

/** An ordinary user: who belongs to `system:masters` passes by the server's authorization and its fair queues. */
const USER = 'controller';

/** A control plane and, for the controller, a user of its own who may do everything. */
export interface Site extends AsyncDisposable {
  readonly plane: ControlPlane;
  readonly publisher: Publisher;
  readonly userToken: string;
  startController(flags: readonly string[], under?: readonly string[]): Promise<ControllerProcess>;
  /** What the controller's user asks for from now on. */
  audit(): Promise<AuditWindow>;
  createNamespace(name: string): Promise<void>;
}

export async function openSite(): Promise<Site> {
  const plane = await startTestControlPlane();
  const publisher = await startPublisher(plane.api);
  const close = async () => {
    await publisher.close();
    await plane.stop();
  };
  try {
    await plane.api.create(mayDoEverything);
    const { kubeconfigPath, userToken } = await kubeconfigOfUser(plane);
    const controllers: ControllerProcess[] = [];
    return {
      plane,
      publisher,
      userToken,
      async startController(flags, under) {
        const controller = await startController(kubeconfigPath, ['--log-level=info', ...flags], under);
        controllers.push(controller);
        return controller;
      },
      audit: () => openAuditWindow(plane.auditLogPath ?? '', USER),
      createNamespace: async (name) => {
        await plane.api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
      },
      async [Symbol.asyncDispose]() {
        await Promise.all(controllers.map((controller) => controller.kill()));
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const mayDoEverything = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name: 'controller-may-do-everything' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
  subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: USER }],
};

interface Kubeconfig {
  readonly users: readonly { readonly name: string; readonly user: { readonly token: string } }[];
}

async function kubeconfigOfUser({ kubeconfig, dir }: ControlPlane) {
  const parsed = load(kubeconfig) as Kubeconfig;
  const userToken = parsed.users.find(({ name }) => name === USER)?.user.token ?? '';
  const kubeconfigPath = join(dir, 'bench.kubeconfig');
  await writeFile(kubeconfigPath, dump({ ...parsed, 'current-context': USER }), { mode: 0o600 });
  return { kubeconfigPath, userToken };
}
