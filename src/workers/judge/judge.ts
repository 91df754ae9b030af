import { type HealthExprs, readinessByExprs } from '../../shared/kstatus/by-exprs.ts';
import type { Readiness } from '../../shared/kstatus/readiness.ts';
import type { KubeObject } from '../../shared/objects/object.ts';
import { type CancelFlag, JUDGE_MS, type Judged, type JudgeInput } from '../../shared/protocol/tasks.ts';
import { stopIfCancelled } from '../cancel.ts';
import { doneWithin } from './within.ts';

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

function judgeInTime(object: KubeObject, exprs: HealthExprs): Readiness | undefined {
  let readiness: Readiness | undefined;
  doneWithin(JUDGE_MS, () => {
    readiness = readinessByExprs(object, exprs);
  });
  return readiness;
}
