/** The API server said no (`status` > 0), or nothing came back (`status` 0). */
export class KubeError extends Error {
  readonly status: number;
  /**
   * The Status object's `reason`, such as `NotFound`, `Conflict`, `Invalid`. With status 0: `Timeout`, `Network`,
   * `Unavailable` (the breaker is open, nothing was sent), `Credentials` or `BadAnswer` (2xx, but not JSON).
   */
  readonly reason: string;
  readonly details: StatusDetails | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(answer: KubeErrorAnswer) {
    super(answer.message, answer.cause === undefined ? {} : { cause: answer.cause });
    this.name = 'KubeError';
    this.status = answer.status;
    this.reason = answer.reason;
    this.details = answer.details;
    this.retryAfterMs = answer.retryAfterMs;
  }
}

/** This process may write no more: what it was about to send was not sent, and what it had sent may have been cut. */
export class LeaseLost extends Error {
  constructor(why: string) {
    super(why);
    this.name = 'LeaseLost';
  }
}

export interface KubeErrorAnswer {
  readonly status: number;
  readonly reason: string;
  readonly message: string;
  readonly details?: StatusDetails | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly causes?: readonly { readonly reason?: string; readonly message?: string; readonly field?: string }[];
  readonly retryAfterSeconds?: number;
}

export function isNotFound(error: unknown): error is KubeError {
  return error instanceof KubeError && error.status === 404;
}

export function isForbidden(error: unknown): error is KubeError {
  return error instanceof KubeError && error.status === 403;
}

export function isConflict(error: unknown): error is KubeError {
  return error instanceof KubeError && error.status === 409;
}

/** Worth another try soon: nothing came back, the server is busy, it failed inside, or two writes crossed. */
export function isTransient(error: unknown): error is KubeError {
  if (!(error instanceof KubeError)) return false;
  return (
    error.status === 0 || error.status === 429 || error.status >= 500 || (isConflict(error) && !isFieldConflict(error))
  );
}

/** Over fields that another manager owns: it stays until somebody gives way. */
export function isFieldConflict(error: unknown): error is KubeError {
  return isConflict(error) && (error.details?.causes ?? []).some(({ reason }) => reason === 'FieldManagerConflict');
}
