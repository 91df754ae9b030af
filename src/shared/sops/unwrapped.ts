import type { RemoteKey } from './master-key.ts';

/** What became of asking a key service; the reason is fit for a status message. */
export type Outcome =
  | { readonly is: 'opened'; readonly part: Uint8Array }
  | { readonly is: 'closed'; readonly because: string };

/** Crosses from the main thread, which asks, to the worker that decrypts. Lives as long as the run that needed it. */
export interface Unwrapped {
  readonly key: RemoteKey;
  readonly outcome: Outcome;
}

/** A build cannot go on before one key of each of these groups was asked for. */
export type WantedKeys = readonly (readonly RemoteKey[])[];
