import { readFileSync } from 'node:fs';

/** What users may write in an object of a kind, as its CRD has it. */
export interface KindFields {
  readonly module: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly fields: readonly Field[];
}

export interface Field {
  /** `spec.patches[].target.kind`; `*` is any key. */
  readonly path: string;
  readonly type: string;
  readonly values?: readonly string[];
}

export function knownFields(): readonly KindFields[] {
  return JSON.parse(readFileSync(new URL('testdata/fields.json', import.meta.url), 'utf8'));
}
