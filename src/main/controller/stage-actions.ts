import { runAction, toRun } from '../actions/run-actions.ts';
import type { Target } from '../apply/cluster.ts';
import { causedByNetworkOrApi, endsTheRun, type Operation, StageError } from '../outcome/outcome.ts';
import { publicMessage } from '../outcome/public-message.ts';
import { meansFor } from './action-means.ts';
import { announce } from './announce.ts';
import type { StageInLine } from './plans.ts';
import { showPhase } from './progress.ts';
import { ledgerOf } from './stage-ledger.ts';
import { takeStep } from './take-step.ts';
import type { Run } from './world.ts';

const phases = { pre: 'Pending', post: 'Verifying' } as const;

/** Those that have not run for this revision yet, one after the other. The first that fails ends the stage. */
export async function runHook(run: Run, target: Target, inLine: StageInLine, hook: 'pre' | 'post'): Promise<void> {
  const { stage } = inLine;
  const ledger = ledgerOf(run, inLine, hook);
  const means = meansFor(run, target, { position: inLine.position, hook }, ledger);
  for (const action of toRun(stage.actions?.[hook] ?? [], ledger)) {
    run.hasWritten = true;
    const operation: Operation = `${hook} action "${action.name}"`;
    showPhase(run, stage.name, phases[hook], operation);
    await takeStep(run, stage.name, operation, () => runAction(action, means));
  }
}

/**
 * Does the work, and the stage's `onFailure` actions where it fails: as well as they go, each once for a revision. The
 * failure stays what it is.
 */
export async function withOnFailure(
  run: Run,
  target: Target,
  rolled: StageInLine,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof StageError && isFromApplyOn(error.operation)) await runOnFailure(run, target, rolled);
    throw error;
  }
}

/** What failed before has left the cluster as it was. */
export function isFromApplyOn(operation: Operation): boolean {
  return operation === 'apply' || operation === 'verify' || operation.startsWith('post action ');
}

async function runOnFailure(run: Run, target: Target, rolled: StageInLine): Promise<void> {
  const { stage } = rolled;
  const ledger = ledgerOf(run, rolled, 'onFailure');
  const means = meansFor(run, target, { position: rolled.position, hook: 'onFailure' }, ledger);
  for (const action of toRun(stage.actions?.onFailure ?? [], ledger)) {
    const doing = `onFailure action "${action.name}"`;
    showPhase(run, stage.name, 'Failed', doing);
    try {
      await runAction(action, means);
    } catch (error) {
      if (endsTheRun(error)) throw error;
      const note = `stage "${stage.name}": ${doing} failed: ${publicMessage(error)}`;
      announce(run, { type: 'Warning', reason: 'OnFailureAction', note });
      if (!causedByNetworkOrApi(error)) await ledger.record(action.name); // else it has not had its try
    }
  }
}
