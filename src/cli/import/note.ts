/** What of the original a StageSet does not say, and what to do about it. */
export interface Note {
  /** `spec.source.helm.values`; only ever where it stands, never its value: that may be a secret. */
  readonly field: string;
  readonly why: string;
  readonly instead: string;
}

export type Remedy = readonly [why: string, instead: string];

export function describeNote({ field, why, instead }: Note): string {
  return `${field}: ${why}; ${instead}`;
}
