import { stageTimeoutMs } from '../../shared/api/defaults.ts';
import { deadlineIn } from '../../shared/time/deadline.ts';
import type { InTheWay } from '../apply/apply-object.ts';
import type { Target } from '../apply/cluster.ts';
import { makeWay } from '../apply/make-way.ts';
import { mapped } from '../apply/mapped.ts';
import { publicError } from '../apply/refusal.ts';
import { WIDTH } from '../apply/send-apply.ts';
import { KubeError } from '../kube/errors.ts';
import { TimeUp } from '../outcome/time-up.ts';
import { named } from './named.ts';
import type { StageToRoll } from './plans.ts';
import { showPhase } from './progress.ts';
import { elapsedOf } from './verify-stage.ts';
import type { Run } from './world.ts';

/** Deletes these and waits, without a slot, until they are gone; no longer than the stage has time. */
export async function clearTheWay(
  run: Run,
  target: Target,
  rolled: StageToRoll,
  inTheWay: readonly InTheWay[],
): Promise<void> {
  const doomed = named(inTheWay.map(({ object }) => object.id));
  showPhase(run, rolled.stage.name, 'Applying', `deleting ${doomed}, to create anew what cannot be changed in place`);
  run.log.info('objects are recreated', { stage: rolled.stage.name, objects: doomed });
  const { clock } = run.world;
  const leftMs = stageTimeoutMs(run.set.spec, rolled.stage) - elapsedOf(run, rolled);
  using deadline = deadlineIn(Math.max(leftMs, 0), {
    clock,
    unless: run.superseded,
    timeUp: () => new TimeUp(`time is up, and some of these are still being deleted: ${doomed}`),
  });
  const pause = (ms: number) => clock.sleep(ms, deadline.signal);
  await run.turn.whileParked('deletion', () =>
    mapped(inTheWay, WIDTH, async ({ object, place }) => {
      try {
        await makeWay(target, place, pause);
      } catch (error) {
        throw error instanceof KubeError ? publicError(object, error) : error;
      }
    }),
  );
}
