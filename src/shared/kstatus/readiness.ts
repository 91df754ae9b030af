/** How far the cluster is with an object, as kstatus tells it from the object alone. */
export type Readiness =
  | { readonly is: 'current' }
  | { readonly is: 'inProgress'; readonly message: string; readonly later?: Later }
  | { readonly is: 'failed'; readonly message: string }
  | { readonly is: 'terminating'; readonly message: string }
  /** Its status cannot be read: neither ready nor failed, until it changes. */
  | { readonly is: 'unknown'; readonly message: string };

/** What it turns into at this time, when no event comes before. */
export interface Later {
  readonly fromMs: number;
  readonly readiness: Readiness;
}

/** Of an object that has not changed since. */
export function readinessAt(readiness: Readiness, nowMs: number): Readiness {
  const later = readiness.is === 'inProgress' ? readiness.later : undefined;
  return later !== undefined && nowMs >= later.fromMs ? later.readiness : readiness;
}

export const current: Readiness = { is: 'current' };

export function inProgress(message: string): Readiness {
  return { is: 'inProgress', message };
}

export function failed(message: string): Readiness {
  return { is: 'failed', message };
}
