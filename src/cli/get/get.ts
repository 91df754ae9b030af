import { KubeError } from '../../main/kube/errors.ts';
import { withoutManagedFields } from '../../main/kube/without-managed-fields.ts';
import type { StageSet } from '../../shared/api/types.ts';
import { UsageError } from '../cli-error.ts';
import { listStageSets, readStageSet } from '../cluster/stage-sets.ts';
import { withCluster } from '../cluster/with-cluster.ts';
import type { ConnectionFlags } from '../connection/flags.ts';
import { type DataFormat, listOf, printData } from '../output/print-data.ts';
import { terminalOf } from '../output/terminal.ts';
import { printDetail } from './detail.ts';
import { printList } from './list.ts';

/** The flags of `get`, as commander reads them. */
export interface GetFlags extends ConnectionFlags {
  readonly allNamespaces?: boolean;
  readonly selector?: string;
  readonly output?: DataFormat | 'wide';
}

/** What `get` prints. */
export async function get(name: string | undefined, flags: GetFlags): Promise<string> {
  if (name === undefined) return list(flags);
  if (flags.allNamespaces) throw new UsageError(`-A lists, and "${name}" is one: give its namespace with -n instead`);
  if (flags.selector !== undefined) throw new UsageError(`-l lists, and "${name}" is one: leave one of them out`);
  const set = await withCluster(flags, (cluster) => readStageSet(cluster, name));
  return printed(flags, {
    table: (isWide) => printDetail(set, { terminal: terminalOf(process.stdout), isWide }),
    data: () => withoutManagedFields(set),
  });
}

async function list(flags: GetFlags): Promise<string> {
  const { allNamespaces = false, selector: labelSelector } = flags;
  const sets = await withCluster(flags, (cluster) => {
    const selection = { namespace: allNamespaces ? undefined : cluster.namespace, labelSelector };
    return listStageSets(cluster, selection).catch((error: unknown) => explainSelector(labelSelector, error));
  });
  return printed(flags, {
    table: (isWide) => tableOf(sets, { allNamespaces, isWide }),
    data: () => listOf(sets),
  });
}

/** The API server alone knows what a selector may say. */
function explainSelector(selector: string | undefined, error: unknown): never {
  if (!selector || !(error instanceof KubeError) || error.status !== 400) throw error;
  throw new UsageError(`-l "${selector}" is no label selector such as team=payments: ${error.message}`);
}

function tableOf(sets: readonly StageSet[], what: { readonly allNamespaces: boolean; readonly isWide: boolean }) {
  if (sets.length === 0) return 'No StageSets found.\n';
  return printList(sets, { ...what, terminal: terminalOf(process.stdout), nowMs: Date.now() });
}

interface Forms {
  readonly table: (isWide: boolean) => string;
  readonly data: () => unknown;
}

function printed({ output }: GetFlags, forms: Forms): string {
  return output === undefined || output === 'wide' ? forms.table(output === 'wide') : printData(forms.data(), output);
}
