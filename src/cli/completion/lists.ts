import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { parseKubeconfig } from '../../main/kube/config.ts';
import { namespaceResource, stageSetResource } from '../../main/kube/own-kinds.ts';
import { listPages, type Selection } from '../../main/kube/requests.ts';
import type { MetadataObject } from '../../main/kube/types.ts';
import { readStageSet } from '../cluster/stage-sets.ts';
import { withCluster } from '../cluster/with-cluster.ts';
import type { ConnectionFlags } from '../connection/flags.ts';
import type { OpenCluster } from '../connection/open-cluster.ts';
import type { Lists } from './answers.ts';

/** Nobody wants to wait for a completion, nor to read more than so many. */
const PATIENCE = '3s';
const MOST = 1_000;

export function listsFor(flags: ConnectionFlags): Lists {
  const ask = (work: (cluster: OpenCluster) => Promise<readonly string[]>) =>
    withCluster({ ...flags, requestTimeout: PATIENCE }, work).catch(() => []);
  return {
    stageSets: () => ask((cluster) => namesOf(cluster, { resource: stageSetResource, namespace: cluster.namespace })),
    namespaces: () => ask((cluster) => namesOf(cluster, { resource: namespaceResource })),
    stages: (name) =>
      ask(async (cluster) => {
        const { spec } = await readStageSet(cluster, name);
        return spec.stages.map((stage) => stage.name);
      }),
    fromKubeconfig: async (what) => {
      const configs = await Promise.all(kubeconfigPaths(flags).map((path) => readFile(path, 'utf8').catch(() => '')));
      return configs.flatMap((text) => namesIn(text, what));
    },
  };
}

async function namesOf({ client }: OpenCluster, selection: Selection): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { items } of listPages<MetadataObject>(client, { ...selection, answer: 'metadata' })) {
    names.push(...items.map(({ metadata }) => metadata.name));
    if (names.length >= MOST) break;
  }
  return names;
}

function kubeconfigPaths({ kubeconfig }: ConnectionFlags): readonly string[] {
  if (kubeconfig !== undefined) return [kubeconfig];
  const named = (process.env.KUBECONFIG ?? '').split(delimiter).filter((path) => path !== '');
  return named.length > 0 ? named : [join(homedir(), '.kube', 'config')];
}

function namesIn(text: string, what: 'contexts' | 'clusters' | 'users'): readonly string[] {
  try {
    return parseKubeconfig(text)[what].map(({ name }) => name);
  } catch {
    return [];
  }
}
