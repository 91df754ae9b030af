import type { Migration, StageSetStatus } from '../../shared/api/types.ts';
import type { VersionFound } from '../../shared/protocol/tasks.ts';
import { formatVersion, parseVersion } from '../../shared/semver/version.ts';
import { planVersions } from '../../shared/versions/plan-versions.ts';
import { versionStageOf } from '../../shared/versions/version-place.ts';
import { RunEnded, StageError } from '../outcome/outcome.ts';
import { announce } from './announce.ts';
import type { StageToRoll } from './plans.ts';
import { settleStatus } from './settle-status.ts';
import type { Run } from './world.ts';

/** From the version that is deployed to the one that this run rolls out. */
export interface Transition {
  /** Undefined: none was recorded so far. */
  readonly from: string | undefined;
  readonly to: string;
  /** All that lie between, in their order, those that are done included. */
  readonly migrations: readonly Migration[];
}

/**
 * Says which migrations the run is to make, and has it written down before the first of them. Undefined where the
 * spec has no version. Ends the run where there is no telling, or no way.
 */
export async function planTransition(run: Run, found: VersionFound | undefined): Promise<Transition | undefined> {
  const { version } = run.set.spec;
  if (version === undefined) return undefined;
  // Update windows keep its stage at what cannot be had any more: the version stays what it is, too.
  if (version.value === undefined && found === undefined) return undefined;
  const to = desiredVersion(run, found);
  const planned = transitionTo(run, to);
  const isUpToDate = pendingOf(run.status.status, planned).length === 0 && !hasPending(run.status.status);
  if (isUpToDate) return planned;
  await settleStatus(run, (status) => withPending(status, planned));
  return transitionTo(run, to); // by what the server has: what we knew may have been from before our own last write
}

/**
 * A stage that is built again at its turn may tell another version than the one that the migrations were planned for:
 * the next run plans them anew, before any of that is applied.
 */
export function refuseOtherVersion({ set, transition }: Run, { stage, plan }: StageToRoll): void {
  const { version } = set.spec;
  if (transition === undefined || version === undefined || versionStageOf(version) !== stage.name) return;
  if (plan.version?.ok === true && plan.version.version === transition.to) return;
  throw new StageError(stage.name, 'build', new VersionMoved(transition.to));
}

class VersionMoved extends Error {
  readonly retrySoon = true;

  constructor(planned: string) {
    super(`the version is no longer ${planned}, for which migrations were planned: they are planned anew`);
  }
}

/** Done, so that neither a retry nor another run of this transition does it again. */
export function withExecuted(status: StageSetStatus, transition: Transition, migration: Migration): StageSetStatus {
  const executedMigrations = [...(status.executedMigrations ?? []), migration.name];
  return withPending({ ...status, executedMigrations }, transition);
}

/**
 * All of the run has succeeded: the version is deployed, and how it was reached is over. Not so where update windows
 * hold back a stage, and with it its migrations.
 */
export function arrived({ transition }: Run, status: StageSetStatus): StageSetStatus {
  if (transition === undefined || pendingOf(status, transition).length > 0) return status;
  const { pendingMigrations, executedMigrations, executedMigrationActions, ...rest } = status;
  return { ...rest, version: transition.to };
}

/** There was nothing to start from: whatever lies below counts as done. */
export function tellBaseline(run: Run): void {
  const { transition } = run;
  if (transition === undefined || transition.from !== undefined) return;
  const note = `recorded version ${transition.to} as deployed: no migration ran, those up to it count as done`;
  announce(run, { type: 'Normal', reason: 'MigrationsBaselined', note });
}

function transitionTo(run: Run, to: string): Transition {
  const from = run.status.status.version;
  const deployed = from === undefined ? undefined : parsed(from, 'status.version');
  const plan = planVersions(run.set.spec.migrations ?? [], deployed, parsed(to, 'spec.version'));
  switch (plan.direction) {
    case 'first':
    case 'same':
      return { from, to, migrations: [] };
    case 'up':
      return { from, to, migrations: plan.migrations };
    case 'down':
      throw new RunEnded({
        reason: 'DowngradeRequiresMigration',
        message: `version ${to} is below ${from}, which is deployed: migrations only lead up`,
      });
    default:
      return plan satisfies never;
  }
}

function desiredVersion({ set }: Run, found: VersionFound | undefined): string {
  const { value } = set.spec.version ?? {};
  if (value !== undefined) return formatVersion(parsed(value, 'spec.version.value'));
  if (found === undefined) throw new Error('the stage that tells the version was not asked for it');
  if (!found.ok) throw invalid(`spec.version: ${found.problem}`);
  return found.version;
}

function parsed(text: string, where: string) {
  const version = parseVersion(text);
  if (version === undefined) throw invalid(`${where}: ${JSON.stringify(text.slice(0, 64))} is no semantic version`);
  return version;
}

function invalid(message: string): RunEnded {
  return new RunEnded({ reason: 'InvalidVersion', message });
}

function withPending(status: StageSetStatus, transition: Transition): StageSetStatus {
  const pending = pendingOf(status, transition);
  const { pendingMigrations: _before, ...rest } = status;
  return pending.length === 0 ? rest : { ...rest, pendingMigrations: [...pending] };
}

function pendingOf({ executedMigrations = [] }: StageSetStatus, { migrations }: Transition): readonly string[] {
  return migrations.map(({ name }) => name).filter((name) => !executedMigrations.includes(name));
}

function hasPending({ pendingMigrations = [] }: StageSetStatus): boolean {
  return pendingMigrations.length > 0;
}
