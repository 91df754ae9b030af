import { defaultValues } from '../../shared/api/default-values.ts';
import { describeViolation } from '../../shared/api/validate/violation.ts';
import { validateStageSet } from '../../shared/api/validate.ts';
import { orAborted } from '../../shared/time/deadline.ts';
import { accountOf, type Cluster, type Connection, type Target } from '../apply/cluster.ts';
import { clusterData } from '../build/cluster-data.ts';
import { LiveView, type LiveViewOptions } from '../live/live-view.ts';
import { during } from '../outcome/outcome.ts';
import type { Run } from './world.ts';

/** Where this run applies, and as whom. Throws a StageError of the first stage where there is no way there. */
export async function connectTarget(run: Run): Promise<Target> {
  const { set, world, lease } = run;
  const as = accountOf(set);
  if (set.spec.kubeConfig === undefined) {
    world.remotes.leave(run.key);
    return { cluster: seenBy(run, world.cluster, as, reviewsFor(run, as)), as, lease };
  }
  const [first] = set.spec.stages;
  return during(first?.name ?? '', 'connect to target cluster', async () => {
    const kubeconfig = await readKubeconfig(run, as);
    const opened = () => orAborted(world.remotes.open(run.key, { kubeconfig, as }), run.superseded);
    const cluster = await run.turn.whileParked('target cluster', opened, PATIENCE_MS);
    return { cluster: seenBy(run, cluster, as, () => true), as, lease }; // its watches are those of this very identity
  });
}

function seenBy(
  { world, superseded }: Run,
  cluster: Connection,
  as: string | undefined,
  mayWatch: LiveViewOptions['mayWatch'],
): Cluster {
  const { client, discovery, live: shared } = cluster;
  const view = new LiveView({ shared, client, as, mayWatch, clock: world.clock, signal: superseded });
  return { client, discovery, live: view };
}

/** This cluster's watches are the controller's own. */
function reviewsFor({ world }: Run, as: string | undefined): LiveViewOptions['mayWatch'] {
  return as === undefined ? () => true : (kind) => world.reviews.mayWatch(as, kind);
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
