import type { YamlValue } from '../../shared/yaml/yaml-value.ts';
import type { Difference, ItemDifference } from './compare.ts';

/** One field that changed, for programs. `from` is absent where it came, `to` where it went. */
export interface FieldChange {
  /** As in `spec.containers[name=web].image` and `metadata.labels["app.kubernetes.io/name"]`. */
  readonly path: string;
  readonly from?: YamlValue;
  readonly to?: YamlValue;
}

export function fieldsOf(difference: Difference, path = ''): readonly FieldChange[] {
  switch (difference.is) {
    case 'added':
      return [{ path, to: difference.to }];
    case 'removed':
      return [{ path, from: difference.from }];
    case 'changed':
      return [{ path, from: difference.from, to: difference.to }];
    case 'in map':
      return difference.fields.flatMap(({ key, difference: inner }) => fieldsOf(inner, below(path, key)));
    case 'in list':
      return difference.items.flatMap((item) => fieldsOf(item.difference, `${path}[${placeOf(item)}]`));
    default:
      return difference satisfies never;
  }
}

function below(path: string, key: string): string {
  if (!/^[\w$-]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}

function placeOf({ index, known }: ItemDifference): string {
  return known === undefined ? String(index) : `${known.field}=${known.value}`;
}
