import type { PlannedObject } from '../../shared/protocol/tasks.ts';
import { type Applied, type ApplyAnswer, applyObject, type InTheWay, type Kept } from './apply-object.ts';
import type { Target } from './cluster.ts';
import { validateDeferred } from './dry-run.ts';
import { mapped } from './mapped.ts';
import { ObjectsRefused, refusal } from './refusal.ts';
import { type Sending, WIDTH } from './send-apply.ts';

export interface WaveHooks {
  /** Called after each object that the server took. */
  readonly onApplied: (applied: Applied) => void;
  /** Called after each object that the conflict policy left as it is. */
  readonly onKept: (kept: Kept) => void;
  /** Resolves when these are gone: they are created anew then. */
  readonly makeWay: (objects: readonly InTheWay[]) => Promise<void>;
  /** What is written next may rest on the first wave: CRDs established, namespaces active. */
  readonly firstWaveStands: (objects: readonly PlannedObject[]) => Promise<void>;
}

/**
 * Applies the changed objects of a stage, wave by wave, each wave in parallel.
 * Promises: a wave starts only when the one before was taken whole; every refusal of a wave is reported; nothing is
 * deleted to be created anew in a wave of which something was refused.
 */
export async function applyWaves(
  target: Target,
  changed: readonly PlannedObject[],
  deferred: ReadonlySet<PlannedObject>,
  sending: Sending,
  hooks: WaveHooks,
): Promise<void> {
  for (const wave of wavesOf(changed)) {
    await validateDeferred(
      target,
      wave.filter((object) => deferred.has(object)),
      sending,
    );
    const inTheWay = await applyAll(target, wave, sending, hooks);
    if (inTheWay.length > 0) {
      await hooks.makeWay(inTheWay);
      const objects = inTheWay.map(({ object }) => object);
      const again = await applyAll(target, objects, sending, hooks);
      const refusals = again.map(({ object, error }) => refusal(object, error, sending.policyOf(object)));
      if (refusals.length > 0) throw new ObjectsRefused(refusals);
    }
    if (wave[0]?.wave === 1) await hooks.firstWaveStands(wave);
  }
}

function wavesOf(objects: readonly PlannedObject[]): readonly (readonly PlannedObject[])[] {
  const byWave = Map.groupBy(objects, (object) => object.wave);
  return [...byWave].toSorted(([a], [b]) => a - b).map(([, wave]) => wave);
}

/** Those that have to go first. Throws when any was refused. */
async function applyAll(
  target: Target,
  objects: readonly PlannedObject[],
  sending: Sending,
  hooks: WaveHooks,
): Promise<readonly InTheWay[]> {
  const answers: readonly ApplyAnswer[] = await mapped(objects, WIDTH, async (object) => {
    const answer = await applyObject(target, object, sending);
    if (answer.is === 'applied') hooks.onApplied(answer);
    if (answer.is === 'kept') hooks.onKept(answer);
    return answer;
  });
  const refusals = answers.flatMap((answer) => (answer.is === 'refused' ? [answer.refusal] : []));
  if (refusals.length > 0) throw new ObjectsRefused(refusals);
  return answers.filter((answer) => answer.is === 'in the way');
}
