import type { Migration } from '../../shared/api/types.ts';
import type { Ledger } from '../actions/ledger.ts';
import { settleStatus } from './settle-status.ts';
import type { Transition } from './transition.ts';
import type { Run } from './world.ts';

export interface MigrationStep {
  readonly transition: Transition;
  readonly migration: Migration;
}

/**
 * Neither a new revision nor an edited action makes a migration's actions run again: they belong to the way from one
 * version to the next, which ends when a run succeeds.
 */
export function migrationLedger(run: Run, { transition, migration }: MigrationStep): Ledger {
  const recorded = (action: string) => `${migration.name}/${action}`;
  const done = () => run.status.status.executedMigrationActions ?? [];
  return {
    // No stage is called so: its own actions have other keys.
    keyOf: (action) => [run.set.metadata.uid, 'migration:', recorded(action), 'from', transition.from].join('/'),
    has: (action) => done().includes(recorded(action)),
    record: (action) =>
      settleStatus(run, (status) => ({
        ...status,
        executedMigrationActions: [...(status.executedMigrationActions ?? []), recorded(action)],
      })),
  };
}
