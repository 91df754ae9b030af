import { defaultValues } from '../../shared/api/default-values.ts';
import { describeViolation } from '../../shared/api/validate/violation.ts';
import { validateStageSet } from '../../shared/api/validate.ts';
import { orAborted } from '../../shared/time/deadline.ts';
import { accountOf, type Cluster, type Connection, type Target } from '../apply/cluster.ts';
import { clusterData } from '../build/cluster-data.ts';
import { NO_ACCOUNT } from '../inventory/target.ts';
import { isInScope } from '../kube/watch-scope.ts';
import type { WantedKind } from '../live/live-objects.ts';
import { LiveView, type Rights } from '../live/live-view.ts';
import { during } from '../outcome/outcome.ts';
import type { Run } from './world.ts';

/** Where this run applies, and as whom. Throws a StageError of the first stage where there is no way there. */
export async function connectTarget(run: Run): Promise<Target> {
  const { set, lease } = run;
  const as = accountOf(set);
  const [first] = set.spec.stages;
  return during(first?.name ?? '', 'connect to target cluster', async () => {
    const cluster = set.spec.kubeConfig === undefined ? here(run, as) : await elsewhere(run, as);
    return { cluster, as, lease, recordedAs: { cluster: await cluster.name(), identity: as ?? NO_ACCOUNT } };
  });
}

function here(run: Run, as: string | undefined): Cluster {
  const { world, key } = run;
  world.remotes.leave(key);
  return seenBy(run, world.cluster, as, reviewsFor(run, as));
}

async function elsewhere(run: Run, as: string | undefined): Promise<Cluster> {
  const { world, key, superseded, turn } = run;
  const kubeconfig = await readKubeconfig(run, as);
  const reached = async () => {
    const cluster = await world.remotes.open(key, { kubeconfig, as });
    await cluster.name(); // asked for here, while no slot is held
    return cluster;
  };
  const opened = () => orAborted(reached(), superseded);
  const cluster = await turn.whileParked('target cluster', opened, PATIENCE_MS);
  return seenBy(run, cluster, as, all); // its watches are those of this very identity
}

function seenBy({ world, superseded }: Run, cluster: Connection, as: string | undefined, rights: Rights): Cluster {
  const { live: shared, ...rest } = cluster;
  const view = new LiveView({ shared, client: cluster.client, as, rights, clock: world.clock, signal: superseded });
  return { ...rest, live: view };
}

/** This cluster's watches are the controller's own, and none leads out of its scope. */
function reviewsFor({ world: { cluster, reviews } }: Run, as: string | undefined): Rights {
  const isWatched = ({ namespaces }: WantedKind) => [...namespaces].every((each) => isInScope(cluster.scope, each));
  return {
    known: (kind) => isWatched(kind) && (as === undefined || reviews.known(as, kind)),
    mayWatch: async (kind) => isWatched(kind) && (as === undefined || (await reviews.mayWatch(as, kind))),
  };
}

const all: Rights = { known: () => true, mayWatch: async () => true };

/** A cluster that is reached already answers at once. */
const PATIENCE_MS = 10;

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
