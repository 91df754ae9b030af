import { withoutManagedFields } from '../../main/kube/without-managed-fields.ts';
import type { OpenCluster } from '../connection/open-cluster.ts';
import { type DataFormat, printData } from '../output/print-data.ts';
import { readStageSet } from './stage-sets.ts';

/** A StageSet as it is now: what `-o` of a command that has changed it prints in place of words. */
export async function printSet(cluster: OpenCluster, name: string, format: DataFormat): Promise<string> {
  return printData(withoutManagedFields(await readStageSet(cluster, name)), format);
}
