/** Keeps revisions back, beside success and failure: what is released already is looked after all the same. */
export interface Hold {
  readonly gate: 'updateWindows';
  readonly reason: 'UpdateDeferred';
  /** What waits, as status shows revisions; none, where a freeze keeps back only corrections and the spec. */
  readonly revisions: Readonly<Record<string, string>>;
  /** Undefined: nobody knows. */
  readonly untilMs: number | undefined;
  readonly message: string;
}
