import type { Gvk, GvkPattern } from '../resources/ids.ts';
import { defaultFieldSpecs } from '../tables/field-specs.ts';
import { kindRank } from '../tables/kind-order.ts';
import { type FieldSpec, mergeFieldSpecs } from './field-spec.ts';

/** Who is referred to, and the fields that do so. */
export interface NameReference extends GvkPattern {
  readonly fieldSpecs: readonly FieldSpec[];
}

export type SpecTable =
  | 'namePrefix'
  | 'nameSuffix'
  | 'namespace'
  | 'commonLabels'
  | 'labels'
  | 'templateLabels'
  | 'volumeClaimTemplateLabels'
  | 'commonAnnotations'
  | 'varReference'
  | 'images'
  | 'replicas';

/** The fields that each pass works on: kustomize's own, and what `configurations` and `crds` add. */
export type FieldConfig = Readonly<Record<SpecTable, readonly FieldSpec[]>> & {
  readonly nameReference: readonly NameReference[];
};

export const specTables: readonly SpecTable[] = [
  'namePrefix',
  'nameSuffix',
  'namespace',
  'commonLabels',
  'labels',
  'templateLabels',
  'volumeClaimTemplateLabels',
  'commonAnnotations',
  'varReference',
  'images',
  'replicas',
];

export const emptyConfig: FieldConfig = configOf({}, []);

export function configOf(
  tables: Partial<Readonly<Record<SpecTable, readonly FieldSpec[]>>>,
  nameReference: readonly NameReference[],
): FieldConfig {
  const sorted = specTables.map((table) => [table, (tables[table] ?? []).toSorted(byKind)]);
  return {
    ...(Object.fromEntries(sorted) as Record<SpecTable, readonly FieldSpec[]>),
    nameReference: nameReference.toSorted(byKind),
  };
}

export function mergeConfigs(own: FieldConfig, more: FieldConfig): FieldConfig {
  if (own === more || more === emptyConfig) return own;
  // Of the tables that are read, even the first is added spec by spec: what is more general than one before it is left
  // out. Kustomize's own have nothing of the kind.
  if (own === emptyConfig && more === defaultConfig) return more;
  const tables = specTables.map((table) => [table, mergeFieldSpecs(own[table], more[table])]);
  return configOf(Object.fromEntries(tables), mergeNameReferences(own.nameReference, more.nameReference));
}

function mergeNameReferences(own: readonly NameReference[], more: readonly NameReference[]): readonly NameReference[] {
  const merged = new Map<string, NameReference>();
  for (const reference of [...own, ...more]) {
    const key = sortText(reference);
    const found = merged.get(key);
    const fieldSpecs = found ? mergeFieldSpecs(found.fieldSpecs, reference.fieldSpecs) : reference.fieldSpecs;
    merged.set(key, { ...reference, fieldSpecs });
  }
  return [...merged.values()];
}

/** As objects are ordered: it decides which of two references to one field is followed first. */
function byKind(a: GvkPattern, b: GvkPattern): number {
  const rank = kindRank(a.kind ?? '') - kindRank(b.kind ?? '');
  if (rank !== 0) return rank;
  const [left, right] = [sortText(a), sortText(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

export function sortText({ group, version, kind }: GvkPattern | Gvk): string {
  return [group || '~G', version || '~V', kind || '~K'].join('_');
}

export const defaultConfig: FieldConfig = configOf(defaultFieldSpecs, defaultFieldSpecs.nameReference);
