import type { NameReference, SpecTable } from '../fields/config.ts';
import type { FieldSpec } from '../fields/field-spec.ts';
import { readTable } from './read-table.ts';

type FieldSpecs = Readonly<Record<SpecTable, readonly FieldSpec[]>> & {
  readonly nameReference: readonly NameReference[];
};

/** The fields that kustomize's passes work on. */
export const defaultFieldSpecs = readTable('field-specs') as FieldSpecs;
