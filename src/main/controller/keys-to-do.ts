import { hooks } from '../../shared/api/hooks.ts';
import type { Stage } from '../../shared/api/types.ts';
import { toRun } from '../actions/run-actions.ts';
import { migrationLedger } from './migration-ledger.ts';
import { ledgerOf } from './stage-ledger.ts';
import type { Run } from './world.ts';

/** Ledger keys of all actions of this StageSet that are not recorded as done: they may have taken effect all the same. */
export function keysToDo(run: Run): ReadonlySet<string> {
  const ofStages = run.set.spec.stages.flatMap((stage) => keysOfStage(run, stage));
  return new Set([...ofStages, ...keysOfMigrations(run)]);
}

function keysOfMigrations(run: Run): readonly string[] {
  const { transition } = run;
  if (transition === undefined) return [];
  return transition.migrations.flatMap((migration) => {
    const ledger = migrationLedger(run, { transition, migration });
    return toRun(migration.actions, ledger).map(({ name }) => ledger.keyOf(name));
  });
}

function keysOfStage(run: Run, stage: Stage): readonly string[] {
  const pin = run.pins?.find((each) => each.stage === stage.name);
  if (pin === undefined) return [];
  return hooks.flatMap((hook) => {
    const ledger = ledgerOf(run, { stage, pin }, hook);
    return toRun(stage.actions?.[hook] ?? [], ledger).map(({ name }) => ledger.keyOf(name));
  });
}
