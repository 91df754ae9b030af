import type { View } from './view.ts';

/** Where a view is shown. */
export interface Show {
  /** How long a person needs to take in what is new. */
  readonly leisureMs: number;
  update(view: View): void;
  /** Leaves the terminal as it was found. */
  close(): void;
}
