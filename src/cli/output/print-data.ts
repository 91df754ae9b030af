/**
 * What `-o json` and `-o yaml` print, to the byte as kubectl prints the same: `printData(value, format)` for anything,
 * `listOf(objects)` around several objects.
 */
import { withoutManagedFields } from '../../main/kube/without-managed-fields.ts';
import { printYaml } from '../../shared/go-yaml/print-yaml.ts';
import type { ObjectMeta } from '../../shared/objects/object.ts';
import type { YamlValue } from '../../shared/yaml/yaml-value.ts';

export type DataFormat = 'json' | 'yaml';

export function printData(value: unknown, format: DataFormat): string {
  return format === 'json' ? `${JSON.stringify(value, undefined, 4)}\n` : printYaml(value as YamlValue);
}

export function listOf(objects: readonly { readonly metadata: ObjectMeta }[]): unknown {
  return {
    apiVersion: 'v1',
    items: objects.map(withoutManagedFields),
    kind: 'List',
    metadata: { resourceVersion: '' },
  };
}
