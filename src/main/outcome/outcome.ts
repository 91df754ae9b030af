import { isTransient, LeaseLost } from '../kube/errors.ts';
import { publicMessage } from './public-message.ts';

/** How a run ended. Status, events, metrics and the next wake-up all derive from this one value. */
export type Outcome =
  | { readonly reason: 'Succeeded'; readonly message: string }
  | { readonly reason: 'Suspended'; readonly message: string }
  | { readonly reason: TerminalReason; readonly message: string }
  | { readonly reason: WaitingReason; readonly message: string }
  | { readonly reason: 'ResolveFailed'; readonly message: string; readonly cause: 'spec' | 'api' | 'outside' }
  | StageFailed
  | PreviousRevisionUnavailable;

export interface StageFailed {
  readonly reason: 'StageFailed';
  readonly message: string;
  readonly stage: string;
  readonly retry: RetryPace;
  /** The next try is no later, whatever the pace. */
  readonly withinMs?: number;
  /** What stood before was put back, and nobody is to try again too soon. */
  readonly rolledBack?: true;
}

export interface PreviousRevisionUnavailable {
  readonly reason: 'PreviousRevisionUnavailable';
  readonly message: string;
  /** That failed. */
  readonly stage: string;
}

export type TerminalReason = 'InvalidSpec' | 'InvalidVersion' | 'DowngradeRequiresMigration' | 'Stalled';
export type WaitingReason = 'UpdateDeferred' | 'DependencyNotReady' | 'SourceNotReady' | 'ArtifactNotFound';

/** A failed build, action or verify waits for `retryInterval`; what the network or the API server did is tried sooner. */
export type RetryPace = 'retryInterval' | 'backoff';

export type Operation =
  | 'fetch artifact'
  | 'configure decryption'
  | 'build'
  | 'apply'
  | 'verify'
  | 'prune'
  | 'connect to target cluster'
  | `${'pre' | 'post'} action "${string}"`
  | `migration "${string}"`;

/** Ends a run with an outcome, from however deep. */
export class RunEnded extends Error {
  readonly outcome: Outcome;

  constructor(outcome: Outcome) {
    super(outcome.message);
    this.name = 'RunEnded';
    this.outcome = outcome;
  }
}

/** A stage could not go on: says which, in which operation, and keeps why. */
export class StageError extends Error {
  readonly stage: string;
  readonly operation: Operation;

  constructor(stage: string, operation: Operation, cause: unknown) {
    super(`stage "${stage}" failed: ${operation}: ${publicMessage(cause)}`, { cause });
    this.name = 'StageError';
    this.stage = stage;
    this.operation = operation;
  }
}

/** Something newer makes this run pointless: a new generation, a new revision, deletion, suspension. */
export class Superseded extends Error {
  constructor(by: string) {
    super(by);
    this.name = 'Superseded';
  }
}

/** Runs one operation of a stage, so that whatever goes wrong inside names both. */
export async function during<T>(stage: string, operation: Operation, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (endsTheRun(error)) throw error;
    throw new StageError(stage, operation, error);
  }
}

/** Whatever the operation was. */
export function endsTheRun(error: unknown): boolean {
  return [Superseded, RunEnded, StageError, LeaseLost].some((kind) => error instanceof kind);
}

/** The one place where what was thrown becomes an outcome; undefined for what is no outcome of a run. */
export function outcomeOf(error: unknown): Outcome | undefined {
  if (error instanceof RunEnded) return error.outcome;
  if (!(error instanceof StageError)) return undefined;
  const retry = causedByNetworkOrApi(error.cause) ? 'backoff' : 'retryInterval';
  return { reason: 'StageFailed', message: error.message, stage: error.stage, retry };
}

/** Down to what first went wrong, however often it was told on. */
export function causedByNetworkOrApi(error: unknown): boolean {
  if (isTransient(error)) return true;
  if (typeof error !== 'object' || error === null) return false;
  if ('retrySoon' in error && error.retrySoon === true) return true;
  return 'cause' in error && causedByNetworkOrApi(error.cause);
}
