/** Where what the webhook serves with comes from. */
export interface Certificates {
  /** Why the API server would not believe this replica now; undefined where it does. */
  readonly missing: string | undefined;
  /** Provides certificates, and newer ones in time, until the signal. */
  keep(stop: AbortSignal): Promise<void>;
}
