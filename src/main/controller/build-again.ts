import type { Target } from '../apply/cluster.ts';
import { InputMissing } from '../build/build-inputs.ts';
import { refuseSharedObjects } from '../build/shared-objects.ts';
import { StageError } from '../outcome/outcome.ts';
import { inputsOf, type Plans, type StageInLine, type StageToRoll, toRoll } from './plans.ts';
import type { Run } from './world.ts';

/**
 * The stage as it is to be applied now. What stages and actions before it have put up may be what it is built from, so
 * it is built again where that can make a difference. Throws what keeps it from being built.
 */
export async function builtNow(run: Run, target: Target, inLine: StageInLine, plans: Plans): Promise<StageToRoll> {
  const { name } = inLine.stage;
  const early = plans.get(name);
  if (early === undefined) throw new Error(`stage "${name}" was never built`);
  if (early instanceof StageError) {
    if (!run.hasWritten) throw early;
  } else {
    const mayDiffer = run.hasWritten && early.built !== undefined && readsTheCluster(run, inLine);
    if (!mayDiffer) return early;
  }
  const earlier = plans.built().filter(({ position }) => position < inLine.position);
  const now = await toRoll(run, target, { ...inLine, earlier, inputs: inputsOf(run) });
  run.memory.builds.set(name, now.built);
  plans.set(name, now);
  refuseSharedObjects(plans.built().map(({ stage, plan }) => ({ stage: stage.name, objects: plan.objects })));
  return now;
}

/** Before the actions of a stage that could not be built: throws, unless they may bring what is missing. */
export async function refuseHopeless(run: Run, target: Target, inLine: StageInLine, plans: Plans): Promise<void> {
  if (!(plans.get(inLine.stage.name) instanceof StageError)) return;
  try {
    await builtNow(run, target, inLine, plans);
  } catch (error) {
    if (!(error instanceof StageError && error.cause instanceof InputMissing)) throw error;
  }
}

function readsTheCluster({ set }: Run, { stage }: StageInLine): boolean {
  return set.spec.decryption?.secretRef !== undefined || (stage.postBuild?.substituteFrom ?? []).length > 0;
}
