import { type HealthExprs, readinessByExprs } from '../../shared/kstatus/by-exprs.ts';
import { inProgress, type Readiness } from '../../shared/kstatus/readiness.ts';
import type { KubeObject } from '../../shared/objects/object.ts';
import type { CancelFlag, Judged, JudgeInput } from '../../shared/protocol/tasks.ts';
import { stopIfCancelled } from '../cancel.ts';
import { doneWithin } from './within.ts';

/** For all expressions of an object together. Honest ones take less than one of these. */
export const JUDGE_MS = 50;

/**
 * The readiness of each object by the expressions of its kind. Anyone writes those, so they run here, where both
 * their time and, with the thread's, their memory have an end.
 */
export function judge({ objects, exprs }: JudgeInput, flag: CancelFlag): Judged {
  const beganMs = performance.now();
  const readiness = objects.map((object) => {
    stopIfCancelled(flag);
    return judgeInTime(object, exprs);
  });
  return { readiness, ranMs: performance.now() - beganMs };
}

function judgeInTime(object: KubeObject, exprs: HealthExprs): Readiness {
  let readiness = inProgress(`its expressions take longer than ${JUDGE_MS}ms`);
  doneWithin(JUDGE_MS, () => {
    readiness = readinessByExprs(object, exprs);
  });
  return readiness;
}
