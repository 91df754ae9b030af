import { hooks } from '../../shared/api/hooks.ts';
import type { Hook, StageActions, StageStatus } from '../../shared/api/types.ts';

/** What has been done and is not done again. */
export interface Ledger {
  /** See Attempt. */
  keyOf(action: string): string;
  has(action: string): boolean;
  /** Resolves once no crash can forget it. */
  record(action: string): Promise<void>;
}

/** What a stage's actions are remembered under: with another one nothing has been done yet. */
export interface LedgerKey {
  readonly revision: string;
  /** Of the last `reconcile-stage` request for this stage. */
  readonly token: string | undefined;
}

/** The one place that says when actions run again. A request whose annotation is gone again still counts. */
export function ledgerKeyOf(
  stage: StageStatus | undefined,
  revision: string,
  requested: string | undefined,
): LedgerKey {
  return { revision, token: requested ?? stage?.ledgerToken };
}

/** What is in status under this key. */
export function doneUnder(key: LedgerKey, stage: StageStatus | undefined): readonly string[] {
  const isThisKey = stage?.ledgerRevision === key.revision && stage.ledgerToken === key.token;
  return isThisKey ? (stage.executedActions ?? []) : [];
}

/** As status is to tell it. */
export function ledgerWith({ revision, token }: LedgerKey, done: readonly string[]): Partial<StageStatus> {
  return { executedActions: [...done], ledgerRevision: revision, ...(token !== undefined && { ledgerToken: token }) };
}

/**
 * Whichever hook did it: a name that one hook had alone is recorded bare, and a second hook that takes it up under the
 * same key must not make the first one's run again.
 */
export function isDone(done: readonly string[], hook: Hook, action: string): boolean {
  return done.includes(action) || done.includes(`${hook}/${action}`);
}

/** Its bare name, or with its hook where another hook has one of that name. */
export function recordedName(actions: StageActions, hook: Hook, action: string): string {
  const holders = hooks.filter((each) => actions[each]?.some(({ name }) => name === action));
  return holders.length > 1 ? `${hook}/${action}` : action;
}
