import { type ObjectId, parseObjectId } from '../../shared/objects/object-id.ts';
import { jobsOf, removeJob } from '../actions/job/jobs-there.ts';
import type { Target } from '../apply/cluster.ts';
import { isForbidden } from '../kube/errors.ts';
import { actionsOf } from '../source/pin-sources.ts';
import type { Run } from './world.ts';

/** Whether an action may have left a Job: one that failed, or was at work when the controller was killed. */
export function mayHaveJobs({ set }: Run): boolean {
  const hasLedger = (set.status?.stages ?? []).some(({ ledgerRevision }) => ledgerRevision !== undefined);
  return hasLedger || actionsOf(set).some(({ job }) => job !== undefined);
}

/** Those in the StageSet's own namespace and in the namespaces of these objects. What the account may not delete stays. */
export async function removeJobs(run: Run, target: Target, beside: Iterable<ObjectId>): Promise<void> {
  const { namespace = '', uid = '' } = run.set.metadata;
  const others = [...beside].map((id) => parseObjectId(id)?.namespace ?? '').filter((each) => each !== '');
  for (const job of await jobsOf(uid, target, { namespaces: [...new Set([namespace, ...others])] })) {
    try {
      await removeJob(target, job);
    } catch (error) {
      if (!isForbidden(error)) throw error;
      run.log.warn('a Job of an action stays', { job: job.job.metadata.name, error });
    }
  }
}
