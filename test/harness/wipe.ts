import { rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { ControlPlane } from '../../tools/control-plane/control-plane.ts';
import { installOwnAndFluxCrds } from '../../tools/control-plane/crds.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { layoutIn } from '../../tools/control-plane/layout.ts';
import { openEtcd } from './etcd.ts';

/** A control plane that can be made as it was: a new one takes 4 s of both cores to start. */
export interface Wipeable {
  readonly plane: ControlPlane;
  /** Needs: whoever worked on it has ended. */
  wipe(): Promise<void>;
}

export async function makeWipeable(plane: ControlPlane): Promise<Wipeable> {
  const { etcdSocket, auditLog } = layoutIn(plane.dir);
  await using etcd = openEtcd(etcdSocket);
  const given = new Set(await etcd.keys());
  return {
    plane,
    async wipe() {
      await using etcd = openEtcd(etcdSocket);
      const withoutLeftovers = async () => {
        const leftovers = (await etcd.keys()).filter((key) => !given.has(key) && !isTheServersOwn(key));
        await etcd.delete(leftovers);
        if (leftovers.length > 0) throw new Error(`still there: ${leftovers.slice(0, 5).join(', ')}`);
      };
      // What a controller of Kubernetes was about to write when its object went may come after the first look.
      for (let looks = 0; looks < 2; looks += 1) await eventually(withoutLeftovers);
      await eventually(() => assertNoCrdLeaves(plane));
      await installOwnAndFluxCrds(plane);
      await eventually(() => plane.api.list('stages.metio.wtf/v1', 'StageSet')); // discovery comes last
      await truncate(auditLog);
      await rm(join(plane.dir, 'kubectl'), { recursive: true, force: true }); // its notes on what is served
    },
  };
}

/** One on its way out still says that it is established. */
async function assertNoCrdLeaves({ api }: ControlPlane): Promise<void> {
  const crds = await api.list('apiextensions.k8s.io/v1', 'CustomResourceDefinition');
  const leaving = crds.find(({ metadata }) => metadata.deletionTimestamp !== undefined);
  if (leaving !== undefined) throw new Error(`${leaving.metadata.name} is being deleted`);
}

/** Kubernetes writes these when it gets round to it. */
function isTheServersOwn(key: string): boolean {
  const own =
    /\/(kube-system|kube-public|kube-node-lease)\/|\/apiregistration\.k8s\.io\/|\/default\/kube-root-ca\.crt$/;
  return own.test(key);
}
