/** How far an action has come that has not taken effect yet. */
export interface Tries {
  failures: number;
  /** When the try that is under way began; undefined between two. */
  beganMs: number | undefined;
}

/**
 * What is under way, by key. A run that is superseded hands it on, so that a new commit now and then puts off no
 * timeout; it is lost with the process.
 */
export type TriesByKey = Map<string, Tries>;
