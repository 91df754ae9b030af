import { createHash } from 'node:crypto';
import { access } from 'node:fs/promises';
import { join } from 'node:path';

/** Everything a control plane is made of. Versions of the packages stand in `go/go.mod`. */
export const binaries = [
  { name: 'etcd', goPackage: 'go.etcd.io/etcd/server/v3' },
  { name: 'kube-apiserver', goPackage: 'k8s.io/kubernetes/cmd/kube-apiserver' },
  { name: 'kube-controller-manager', goPackage: 'k8s.io/kubernetes/cmd/kube-controller-manager' },
  { name: 'kube-scheduler', goPackage: 'k8s.io/kubernetes/cmd/kube-scheduler' },
  { name: 'kubectl', goPackage: 'k8s.io/kubernetes/cmd/kubectl' },
  { name: 'kwok', goPackage: 'sigs.k8s.io/kwok/cmd/kwok' },
] as const;

export type BinaryName = (typeof binaries)[number]['name'];

/** What kwok plays: a node that is ready, and pods that start, finish and go at once. */
export const kwokModule = 'sigs.k8s.io/kwok';
export const kwokStages = [
  'node/fast/node-initialize.yaml',
  'node/heartbeat/node-heartbeat.yaml',
  'pod/fast/pod-ready.yaml',
  'pod/fast/pod-complete.yaml',
  'pod/fast/pod-delete.yaml',
] as const;
export const kwokStagesFile = 'kwok-stages.yaml';

const alertCrdFile = 'notification.toolkit.fluxcd.io_alerts.yaml';

/** They cannot be required in go.mod (a module they need is not to be had), so they are pinned here, sums included. */
export const fluxModules = [
  {
    path: 'github.com/fluxcd/source-controller',
    version: 'v1.9.6',
    sum: 'h1:nG534/bI6nVpyHra7ONAk6xDB3xPsVT+EOLHZHXPrrc=',
    crdFiles: ['buckets', 'externalartifacts', 'gitrepositories', 'ocirepositories'].map(
      (plural) => `source.toolkit.fluxcd.io_${plural}.yaml`,
    ),
  },
  {
    path: 'github.com/fluxcd/notification-controller',
    version: 'v1.9.2',
    sum: 'h1:K/l3aovY48rtFoFKF+begn+SSn6vWZY2M3snP4dBylk=',
    crdFiles: [alertCrdFile],
  },
] as const;
export const fluxCrdsFolder = 'flux-crds';
const sourceCrdFiles: readonly string[] = fluxModules[0].crdFiles;
export const fluxCrdFiles: readonly string[] = fluxModules.flatMap(({ crdFiles }) => crdFiles);

/** A folder that holds all of the above. */
export interface Toolset {
  readonly folder: string;
  readonly kwokStages: string;
  /** Of Flux's sources, which every control plane serves. */
  readonly fluxCrds: readonly string[];
  /** Of Flux's Alert, for who wants it. */
  readonly alertCrd: string;
  binary(name: BinaryName): string;
}

export function toolsetIn(folder: string): Toolset {
  return {
    folder,
    kwokStages: join(folder, kwokStagesFile),
    fluxCrds: sourceCrdFiles.map((file) => join(folder, fluxCrdsFolder, file)),
    alertCrd: join(folder, fluxCrdsFolder, alertCrdFile),
    binary: (name) => join(folder, name),
  };
}

/** Paths below the folder, in the order of the lists above. */
export async function missingFrom(folder: string): Promise<readonly string[]> {
  const needed = [
    ...binaries.map(({ name }) => name),
    kwokStagesFile,
    ...fluxCrdFiles.map((file) => join(fluxCrdsFolder, file)),
  ];
  const found = await Promise.all(needed.map((path) => exists(join(folder, path))));
  return needed.filter((_, index) => !found[index]);
}

/** Changes with whatever changes a toolset: two checkouts that need the same one share it. */
export function toolsetKey(moduleFiles: readonly Uint8Array[], platform: string): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([platform, binaries, kwokStages, fluxModules]));
  for (const file of moduleFiles) hash.update(file);
  return hash.digest('hex').slice(0, 16);
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
