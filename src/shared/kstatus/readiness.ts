/** How far the cluster is with an object, as kstatus tells it from the object alone. */
export type Readiness =
  | { readonly is: 'current' }
  | { readonly is: 'inProgress'; readonly message: string }
  | { readonly is: 'failed'; readonly message: string }
  | { readonly is: 'terminating'; readonly message: string }
  /** Its status cannot be read: neither ready nor failed, until it changes. */
  | { readonly is: 'unknown'; readonly message: string };

export const current: Readiness = { is: 'current' };

export function inProgress(message: string): Readiness {
  return { is: 'inProgress', message };
}

export function failed(message: string): Readiness {
  return { is: 'failed', message };
}
