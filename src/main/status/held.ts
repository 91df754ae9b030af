import type { PendingUpdate, StageSetStatus } from '../../shared/api/types.ts';
import type { Hold } from '../outcome/hold.ts';
import { timestamp } from './conditions.ts';

/** What the update windows had to say to a run that asked them. */
export interface Windows {
  readonly hold: Hold | undefined;
  /** The update-now token that it has seen to. */
  readonly override: string | undefined;
}

export function withWindows(status: StageSetStatus, { hold, override }: Windows): StageSetStatus {
  const { pendingUpdate: _before, ...rest } = status;
  return {
    ...rest,
    ...(hold !== undefined && isPending(hold) ? { pendingUpdate: pendingUpdateOf(hold) } : {}),
    ...(override === undefined ? {} : { lastHandledUpdateOverride: override }),
  };
}

/** Whether revisions are held that were not before. */
export function holdsMore(before: StageSetStatus | undefined, hold: Hold): boolean {
  const known = before?.pendingUpdate?.revisions ?? {};
  return Object.entries(hold.revisions).some(([source, revision]) => known[source] !== revision);
}

function isPending({ revisions }: Hold): boolean {
  return Object.keys(revisions).length > 0;
}

function pendingUpdateOf({ revisions, untilMs }: Hold): PendingUpdate {
  return { revisions, ...(untilMs === undefined ? {} : { nextWindowOpens: opening(untilMs) }) };
}

/** Never told too early: status knows whole seconds. */
export function opening(untilMs: number): string {
  return timestamp(Math.ceil(untilMs / 1_000) * 1_000);
}
