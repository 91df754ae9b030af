import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import type { ControlPlane } from '../../tools/control-plane/control-plane.ts';
import { connectTo } from '../../tools/control-plane/kube-api.ts';
import { toolsetIn } from '../../tools/control-plane/toolset.ts';
import { type SharedCluster, startTestControlPlane } from './shared-cluster.ts';

/** Names the socket at which `tools/test.ts` lends control planes to the processes of the test files. */
export const planePoolVariable = 'STAGESET_TEST_PLANES';
/** A borrower says so when all its tests are over; whoever goes without a word has died, or was ended. */
export const wellDone = 'well done\n';

/** A control plane for one test file: all of it may be used, nothing of it broken. */
export type TestPlane = Pick<
  ControlPlane,
  'dir' | 'toolset' | 'kubeconfigPath' | 'kubeconfig' | 'server' | 'adminToken' | 'api' | 'auditLogPath' | 'stop'
>;

/** One of the test run's or, for a file run by itself, a new one. */
export async function takePlane(): Promise<TestPlane> {
  const path = process.env[planePoolVariable];
  if (path === undefined) return await startTestControlPlane();
  const pool = connect(path);
  const { dir, toolsetFolder, kubeconfigPath, server, adminToken, auditLogPath } = await receiveCluster(pool);
  // The loan lasts as long as this process does, and whatever it has started.
  pool.unref();
  const api = connectTo(server, adminToken);
  return {
    dir,
    toolset: toolsetIn(toolsetFolder),
    kubeconfigPath,
    kubeconfig: await readFile(kubeconfigPath, 'utf8'),
    server,
    adminToken,
    api,
    auditLogPath,
    async stop() {
      await api.close();
      pool.write(wellDone);
    },
  };
}

/** What the pool says to whoever connects. */
export async function receiveCluster(pool: Socket): Promise<SharedCluster> {
  let text = '';
  pool.setEncoding('utf8');
  while (!text.endsWith('\n')) {
    const [chunk] = (await once(pool, 'data')) as [string];
    text += chunk;
  }
  return JSON.parse(text) as SharedCluster;
}
