import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import { type ControlPlane, type ControlPlaneOptions, startControlPlane } from './control-plane.ts';
import { eventually } from './eventually.ts';
import type { KubeApi } from './kube-api.ts';

interface LiveCrd {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** A control plane that serves our kinds and Flux's. */
export async function startControlPlaneWithCrds(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const plane = await startControlPlane(options);
  try {
    await installOwnAndFluxCrds(plane);
    return plane;
  } catch (error) {
    await plane.stop();
    throw error;
  }
}

export async function installOwnAndFluxCrds({ api, toolset }: ControlPlane): Promise<void> {
  await installCrds(api, [...(await ownCrdFiles()), ...toolset.fluxCrds]);
}

/** Applies the CustomResourceDefinitions of these files and waits until the server serves their kinds. */
export async function installCrds(api: KubeApi, files: readonly string[]): Promise<void> {
  const crds = (await Promise.all(files.map(objectsIn))).flat();
  await Promise.all(crds.map((crd) => api.apply(crd)));
  await Promise.all(crds.map((crd) => eventually(() => assertEstablished(api, crd))));
}

async function ownCrdFiles(): Promise<readonly string[]> {
  const folder = join(import.meta.dirname, '..', '..', 'crds');
  const files = await readdir(folder);
  return files.filter((file) => file.endsWith('.yaml')).map((file) => join(folder, file));
}

async function objectsIn(file: string): Promise<readonly KubeObject[]> {
  return loadAll(await readFile(file, 'utf8')) as KubeObject[];
}

async function assertEstablished(api: KubeApi, crd: KubeObject): Promise<void> {
  const { apiVersion, kind } = crd;
  const { status } = await api.get<LiveCrd>({ apiVersion, kind, name: crd.metadata.name });
  const established = status?.conditions?.some(({ type, status }) => type === 'Established' && status === 'True');
  if (established !== true) throw new Error(`${crd.metadata.name} is not established yet`);
}
