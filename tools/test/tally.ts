export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

/** What node:test tells of a run. */
export interface Summary {
  readonly success: boolean;
  readonly counts: { readonly tests: number; readonly passed: number };
}

/**
 * A test that did not pass has failed, whatever it is called: here nothing is skipped for want of something.
 * What is no test can fail too, such as a hook after the last one.
 */
export function tallyOf({ success, counts: { tests, passed } }: Summary): Tally {
  return { passed, failed: success ? tests - passed : Math.max(1, tests - passed) };
}

export function sum(tallies: readonly Tally[]): Tally {
  const nothing: Tally = { passed: 0, failed: 0 };
  return tallies.reduce((a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed }), nothing);
}

export function closingLine({ passed, failed }: Tally): string {
  return `${passed} passed, ${failed} failed`;
}
