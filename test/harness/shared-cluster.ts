import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ControlPlane } from '../../tools/control-plane/control-plane.ts';
import { startControlPlaneWithCrds } from '../../tools/control-plane/crds.ts';
import type { Server } from '../../tools/control-plane/kubeconfig.ts';

/** Names the file through which `tools/test.ts` lends its control plane to the processes of the test files. */
export const sharedClusterVariable = 'STAGESET_TEST_CLUSTER';

/** What a test needs to know of a control plane, whoever started it. */
export interface SharedCluster {
  readonly dir: string;
  readonly kubeconfigPath: string;
  readonly server: Server;
  readonly adminToken: string;
  readonly auditLogPath: string;
  readonly toolsetFolder: string;
}

/** A control plane as tests expect it: audited, with our kinds and Flux's. */
export function startTestControlPlane(): Promise<ControlPlane> {
  return startControlPlaneWithCrds({ audit: true });
}

export function describe(plane: ControlPlane): SharedCluster {
  const { dir, kubeconfigPath, server, adminToken, auditLogPath = '', toolset } = plane;
  return { dir, kubeconfigPath, server, adminToken, auditLogPath, toolsetFolder: toolset.folder };
}

/** Resolves with the path to be put into the environment of test processes; it goes when the control plane goes. */
export async function lend(plane: ControlPlane): Promise<string> {
  const file = join(plane.dir, 'shared-cluster.json');
  await writeFile(file, JSON.stringify(describe(plane)), { mode: 0o600 });
  return file;
}

export async function borrowed(): Promise<SharedCluster | undefined> {
  const file = process.env[sharedClusterVariable];
  return file === undefined ? undefined : (JSON.parse(await readFile(file, 'utf8')) as SharedCluster);
}
