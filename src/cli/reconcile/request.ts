import type { StageSet } from '../../shared/api/types.ts';
import { keys } from '../../shared/labels.ts';

export interface Wishes {
  /** Forget what this stage's actions have done. */
  readonly stage?: string;
  /** Let through what update windows hold back. */
  readonly updateNow?: boolean;
  /** Run although suspended. */
  readonly force?: boolean;
}

/** A time, which is how people read a token; to the millisecond where the second has been asked with already. */
export function newToken({ metadata }: Pick<StageSet, 'metadata'>, nowMs: number): string {
  const precise = new Date(nowMs).toISOString();
  const token = `${precise.slice(0, 19)}Z`;
  return metadata.annotations?.[keys.requestedAt] === token ? precise : token;
}

export function requestAnnotations(token: string, wishes: Wishes): Readonly<Record<string, string>> {
  return {
    [keys.requestedAt]: token,
    ...(wishes.stage !== undefined && { [keys.reconcileStage]: `${wishes.stage}@${token}` }),
    ...(wishes.updateNow && { [keys.updateNow]: token }),
    ...(wishes.force && { [keys.forceAt]: token }),
  };
}

/** Whether a run that has ended since saw the request: with this token, or with a later one that took its place. */
export function isHandled({ metadata, status }: StageSet, token: string): boolean {
  const handled = status?.lastHandledReconcileAt;
  return handled === token || (handled !== undefined && handled === laterToken(metadata.annotations, token));
}

function laterToken(annotations: StageSet['metadata']['annotations'], token: string): string | undefined {
  const current = annotations?.[keys.requestedAt];
  return current === token ? undefined : current;
}
