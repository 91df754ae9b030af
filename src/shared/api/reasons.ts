/** What a reason says about the StageSet; `byCause`: the message tells, and the run that sets it knows. */
export type ReasonKind = 'steady' | 'intended' | 'terminal' | 'waiting' | 'failure' | 'byCause';

export type Requeue =
  /** After `driftDetectionInterval` if shorter, else `interval`. */
  | 'steadyInterval'
  /** Only when the spec changes. */
  | 'specChange'
  /** Only when the spec or a source changes. */
  | 'specOrSourceChange'
  /** When a StageSet of the dependency graph changes. */
  | 'graphChange'
  /** On the event waited for, and at `retryInterval` anyway. */
  | 'eventOrRetryInterval'
  /** A spec cause: on change. An API cause: backoff. Another namespace: on the event, and at `retryInterval`. */
  | 'byCause'
  | 'windowBoundary'
  /** API and network causes sooner, by exponential backoff from 1 s up to `retryInterval`. */
  | 'retryIntervalOrBackoff'
  | 'retryInterval';

export interface ReasonEntry {
  /** Of the Ready condition. */
  readonly ready: 'True' | 'False';
  readonly kind: ReasonKind;
  readonly requeue: Requeue;
}

/** Every reason of the Ready condition. Status, requeues, events, docs and alerts derive from this table. */
export const reasons = {
  Succeeded: { ready: 'True', kind: 'steady', requeue: 'steadyInterval' },
  Suspended: { ready: 'False', kind: 'intended', requeue: 'specChange' },
  InvalidSpec: { ready: 'False', kind: 'terminal', requeue: 'specOrSourceChange' },
  InvalidVersion: { ready: 'False', kind: 'terminal', requeue: 'specOrSourceChange' },
  DowngradeRequiresMigration: { ready: 'False', kind: 'terminal', requeue: 'specOrSourceChange' },
  Stalled: { ready: 'False', kind: 'terminal', requeue: 'graphChange' },
  DependencyNotReady: { ready: 'False', kind: 'waiting', requeue: 'eventOrRetryInterval' },
  SourceNotReady: { ready: 'False', kind: 'waiting', requeue: 'eventOrRetryInterval' },
  ArtifactNotFound: { ready: 'False', kind: 'waiting', requeue: 'eventOrRetryInterval' },
  ResolveFailed: { ready: 'False', kind: 'byCause', requeue: 'byCause' },
  // With something deployed the reason stays Succeeded and the message says what waits.
  UpdateDeferred: { ready: 'False', kind: 'waiting', requeue: 'windowBoundary' },
  StageFailed: { ready: 'False', kind: 'failure', requeue: 'retryIntervalOrBackoff' },
  PreviousRevisionUnavailable: { ready: 'False', kind: 'failure', requeue: 'retryInterval' },
} as const satisfies Record<string, ReasonEntry>;

export type Reason = keyof typeof reasons;

/** Something is wrong; waiting and what was asked for are not. */
export function isFailure(reason: Reason): boolean {
  const { kind } = reasons[reason];
  return kind === 'terminal' || kind === 'failure' || kind === 'byCause';
}

export function isReason(word: string): word is Reason {
  return Object.hasOwn(reasons, word);
}

/** Every reason has a page, healthy ones too. */
export function runbookSlug(reason: Reason): string {
  return reason.toLowerCase();
}

/** Undefined where there is nothing to do, a healthy or intended state, or nowhere to read it. */
export function runbookUrl(reason: Reason, baseUrl: string): string | undefined {
  const { kind } = reasons[reason];
  if (baseUrl === '' || kind === 'steady' || kind === 'intended') return undefined;
  return `${baseUrl.replace(/\/+$/, '')}/${runbookSlug(reason)}/`;
}

/** The end of an unhealthy message, or nothing. */
export function runbookSuffix(reason: Reason, baseUrl: string): string {
  const url = runbookUrl(reason, baseUrl);
  return url === undefined ? '' : ` (runbook: ${url})`;
}
