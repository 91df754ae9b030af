import { stageSetResource } from '../../main/kube/own-kinds.ts';
import { patchObject } from '../../main/kube/requests.ts';
import { unleased } from '../../main/kube/types.ts';
import { printSet } from '../cluster/print-set.ts';
import { readStageSet } from '../cluster/stage-sets.ts';
import { withCluster } from '../cluster/with-cluster.ts';
import type { ConnectionFlags } from '../connection/flags.ts';
import type { OpenCluster } from '../connection/open-cluster.ts';
import type { DataFormat } from '../output/print-data.ts';

/** The flags of `suspend` and `resume`, as commander reads them. */
export interface SuspendFlags extends ConnectionFlags {
  readonly output?: DataFormat;
}

/** What `suspend` and `resume` print. */
export function setSuspend(name: string, suspend: boolean, flags: SuspendFlags): Promise<string> {
  const { output } = flags;
  return withCluster(flags, async (cluster) => {
    const { spec } = await readStageSet(cluster, name);
    const isSo = (spec.suspend ?? false) === suspend;
    if (!isSo) await patch(cluster, name, suspend);
    if (output !== undefined) return printSet(cluster, name, output);
    return `StageSet ${name} ${isSo ? already(suspend) : done(suspend)}\n`;
  });
}

const already = (suspend: boolean) => (suspend ? 'is suspended already' : 'is not suspended');
const done = (suspend: boolean) => (suspend ? 'suspended' : 'resumed');

async function patch(cluster: OpenCluster, name: string, suspend: boolean): Promise<void> {
  await patchObject(cluster.client, {
    resource: stageSetResource,
    namespace: cluster.namespace,
    name,
    patch: { spec: { suspend } },
    fieldManager: 'stagesetctl',
    answer: 'metadata',
    lease: unleased,
  });
}
