import { defaultValues } from '../../shared/api/default-values.ts';
import { describeViolation } from '../../shared/api/validate/violation.ts';
import { validateStageSet } from '../../shared/api/validate.ts';
import { orAborted } from '../../shared/time/deadline.ts';
import { accountOf, type Target } from '../apply/cluster.ts';
import { clusterData } from '../build/cluster-data.ts';
import { during } from '../outcome/outcome.ts';
import type { Run } from './world.ts';

/** Where this run applies, and as whom. Throws a StageError of the first stage where there is no way there. */
export async function connectTarget(run: Run): Promise<Target> {
  const { set, world, lease } = run;
  const as = accountOf(set);
  if (set.spec.kubeConfig === undefined) {
    world.remotes.leave(run.key);
    return { cluster: world.cluster, as, lease };
  }
  const [first] = set.spec.stages;
  return during(first?.name ?? '', 'connect to target cluster', async () => {
    const kubeconfig = await readKubeconfig(run, as);
    const opened = () => orAborted(world.remotes.open(run.key, { kubeconfig, as }), run.superseded);
    return { cluster: await run.turn.whileParked('target cluster', opened, PATIENCE_MS), as, lease };
  });
}

/** A cluster that is reached already answers at once. */
const PATIENCE_MS = 100;

/** Another cluster takes the time it likes, and one that hangs all there is: no slot is held while it is worked on. */
export function onTarget<T>({ set, turn }: Run, work: () => Promise<T>): Promise<T> {
  return set.spec.kubeConfig === undefined ? work() : turn.whileParked('target cluster', work);
}

/** The Secret is read as the tenant: nobody gets with a StageSet where they could not get without. */
async function readKubeconfig({ set, world, superseded }: Run, as: string | undefined): Promise<string> {
  const objection = validateStageSet(set).find(({ atRunTime }) => atRunTime === 'connect');
  if (objection !== undefined) throw new Error(describeViolation(objection));
  const { namespace = '' } = set.metadata;
  const { name = '', key } = set.spec.kubeConfig?.secretRef ?? {};
  const read = clusterData({ client: world.cluster.client, namespace, as, signal: superseded });
  const data = await read('Secret', name);
  if (data === undefined) throw new Error(`Secret ${namespace}/${name} does not exist`);
  const keys = key === undefined ? defaultValues.kubeConfigKeys : [key];
  const kubeconfig = keys.flatMap((each) => data[each] ?? []).at(0);
  if (kubeconfig !== undefined) return kubeconfig;
  throw new Error(`Secret ${namespace}/${name} has no entry ${keys.map((each) => `"${each}"`).join(' or ')}`);
}
