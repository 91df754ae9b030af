import { stageSetResource } from '../../main/kube/own-kinds.ts';
import { patchObject } from '../../main/kube/requests.ts';
import { unleased } from '../../main/kube/types.ts';
import { readStageSet } from '../cluster/stage-sets.ts';
import { withCluster } from '../cluster/with-cluster.ts';
import type { ConnectionFlags } from '../connection/flags.ts';

/** What `suspend` and `resume` print. */
export function setSuspend(name: string, suspend: boolean, flags: ConnectionFlags): Promise<string> {
  const state = suspend ? 'suspended' : 'resumed';
  return withCluster(flags, async (cluster) => {
    const { spec } = await readStageSet(cluster, name);
    if ((spec.suspend ?? false) === suspend) {
      return `StageSet ${name} is ${suspend ? 'suspended already' : 'not suspended'}\n`;
    }
    await patchObject(cluster.client, {
      resource: stageSetResource,
      namespace: cluster.namespace,
      name,
      patch: { spec: { suspend } },
      fieldManager: 'stagesetctl',
      answer: 'metadata',
      lease: unleased,
    });
    return `StageSet ${name} ${state}\n`;
  });
}
