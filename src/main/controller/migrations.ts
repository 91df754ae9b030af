import type { Action } from '../../shared/api/types.ts';
import { type Means, runAction, toRun } from '../actions/run-actions.ts';
import { ActionFailed } from '../actions/verb.ts';
import type { Target } from '../apply/cluster.ts';
import { endsTheRun, type Operation, StageError } from '../outcome/outcome.ts';
import { publicMessage } from '../outcome/public-message.ts';
import { meansFor } from './action-means.ts';
import { announce } from './announce.ts';
import { type MigrationStep, migrationLedger } from './migration-ledger.ts';
import type { StageInLine } from './plans.ts';
import { showPhase } from './progress.ts';
import { settleStatus } from './settle-status.ts';
import { takeStep } from './take-step.ts';
import { withExecuted } from './transition.ts';
import type { Run } from './world.ts';

/** Those of the transition that come before this stage and are not done yet. The first that fails ends the stage. */
export async function runMigrations(run: Run, target: Target, inLine: StageInLine): Promise<void> {
  const { transition } = run;
  if (transition === undefined) return;
  for (const migration of transition.migrations.filter(({ stage }) => stage === inLine.stage.name)) {
    if (run.status.status.executedMigrations?.includes(migration.name) === true) continue;
    await migrate(run, target, inLine, { transition, migration });
  }
}

async function migrate(run: Run, target: Target, inLine: StageInLine, step: MigrationStep): Promise<void> {
  const { migration, transition } = step;
  const operation: Operation = `migration "${migration.name}"`;
  const way = `${transition.from} to ${transition.to}`;
  const ledger = migrationLedger(run, step);
  const means = meansFor(run, target, { position: inLine.position, hook: 'pre' }, ledger);
  announce(run, { type: 'Normal', reason: 'MigrationStarted', note: `${operation} started, from ${way}` });
  try {
    for (const action of toRun(migration.actions, ledger)) {
      run.hasWritten = true;
      showPhase(run, inLine.stage.name, 'Pending', `${operation}: action "${action.name}"`);
      await takeStep(run, inLine.stage.name, operation, () => named(action, means));
    }
  } catch (error) {
    if (error instanceof StageError) announce(run, { type: 'Warning', reason: 'MigrationFailed', note: error.message });
    throw error;
  }
  await settleStatus(run, (status) => withExecuted(status, transition, migration));
  announce(run, { type: 'Normal', reason: 'MigrationCompleted', note: `${operation} completed, from ${way}` });
}

async function named(action: Action, means: Means): Promise<void> {
  try {
    await runAction(action, means);
  } catch (error) {
    if (endsTheRun(error)) throw error;
    throw new ActionFailed(`action "${action.name}": ${publicMessage(error)}`, { cause: error });
  }
}
