import type { Hook, Stage, StageStatus } from '../../shared/api/types.ts';
import {
  doneUnder,
  isDone,
  type Ledger,
  type LedgerKey,
  ledgerKeyOf,
  ledgerWith,
  recordedName,
} from '../actions/ledger.ts';
import { requestedToken } from '../actions/reconcile-stage.ts';
import { withStage } from '../status/compose.ts';
import type { StageInLine } from './plans.ts';
import { settleStatus } from './settle-status.ts';
import type { Run } from './world.ts';

/**
 * Before a stage's first action: a request that its actions run again empties its ledger, once, also when the
 * annotation is gone again before anything is done.
 */
export async function openLedger(run: Run, { stage, pin }: StageInLine): Promise<void> {
  const key = keyFor(run, stage, pin.artifact.revision);
  if (key.token === entryOf(run, stage)?.ledgerToken) return;
  await settleStatus(run, (status) => withStage(status, stage.name, ledgerWith(key, [])));
}

/**
 * Before a revision is applied over another one: what was done for that other is over. Should it come back, its apply
 * undoes what actions did to its objects, so they run again, under other keys. Not earlier: while nothing of the new
 * one is applied, going back to the other changes nothing.
 */
export async function beginRound(run: Run, { stage, pin }: Ledgered): Promise<void> {
  if (stage.actions === undefined) return;
  const { ledgerRevision, ledgerRound } = entryOf(run, stage) ?? {};
  const { revision } = pin.artifact;
  if (ledgerRound?.revision === revision) return;
  const round = { number: (ledgerRound?.number ?? 0) + 1, revision };
  const anew = ledgerRevision === revision ? {} : ledgerWith(keyFor(run, stage, revision), []);
  await settleStatus(run, (status) => withStage(status, stage.name, { ...anew, ledgerRound: round }));
}

type Ledgered = Pick<StageInLine, 'stage' | 'pin'>;

export function ledgerOf(run: Run, { stage, pin }: Ledgered, hook: Hook): Ledger {
  const key = keyFor(run, stage, pin.artifact.revision);
  const done = () => doneUnder(key, entryOf(run, stage));
  return {
    keyOf: (action) =>
      [run.set.metadata.uid, stage.name, hook, action, key.revision, key.token, roundOf(run, stage)]
        .filter((part) => part !== undefined)
        .join('/'),
    has: (action) => isDone(done(), hook, action),
    record: (action) => {
      const name = recordedName(stage.actions ?? {}, hook, action);
      return settleStatus(run, (status) => withStage(status, stage.name, ledgerWith(key, [...done(), name])));
    },
  };
}

/** What a stage that has succeeded has been asked for. */
export function handledRequest(run: Run, { name }: Stage): Partial<StageStatus> {
  const token = requestedToken(run.set, name) ?? entryOf(run, { name })?.ledgerToken;
  return token === undefined ? {} : { lastHandledReconcileAt: token };
}

/** Nothing in the first, as nearly all are. */
function roundOf(run: Run, stage: Stage): string | undefined {
  const { number = 1 } = entryOf(run, stage)?.ledgerRound ?? {};
  return number === 1 ? undefined : `round-${number}`;
}

function keyFor(run: Run, stage: Stage, revision: string): LedgerKey {
  return ledgerKeyOf(entryOf(run, stage), revision, requestedToken(run.set, stage.name));
}

function entryOf({ status }: Run, { name }: Pick<Stage, 'name'>): StageStatus | undefined {
  return status.status.stages?.find((each) => each.name === name);
}
