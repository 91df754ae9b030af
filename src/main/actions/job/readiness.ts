import { failed, inProgress } from '../../../shared/kstatus/readiness.ts';
import { readinessOf } from '../../../shared/kstatus/readiness-of.ts';
import type { Judgement } from '../followed-objects.ts';
import { endOf } from './standing.ts';

/** A Job that has finished stays so, whoever deletes it then; one that goes before is not known to have done anything. */
export const jobReadiness: Judgement = (job, before) => {
  if (before?.is === 'current' || before?.is === 'failed') return before;
  if (job === undefined)
    return before === undefined ? inProgress('not there') : failed('deleted before it had finished');
  if (endOf(job) === 'succeeded') return { is: 'current' };
  return readinessOf(job, 0); // no rule for Jobs asks for the time
};
