import type { StagePatch } from '../../../shared/api/types.ts';
import { printYaml } from '../../../shared/go-yaml/print-yaml.ts';
import type { YamlMap, YamlValue } from '../../../shared/yaml/yaml-value.ts';
import { defined } from '../imported.ts';
import type { Input } from '../input.ts';
import { literal } from '../one-object.ts';
import { ofDifference } from './leave.ts';

/** What is not rendered is neither applied nor corrected: a patch takes such fields out of every object they are in. */
export function ignoredDifferences(spec: Input, ownNamespace: string | undefined): readonly StagePatch[] {
  return spec.parts('ignoreDifferences').flatMap((difference) => {
    const kind = difference.text('kind') ?? '*';
    if (kind.includes('*')) {
      for (const field of difference.fields()) difference.take(field);
      difference.noteAt(difference.path, ofDifference.anyKind);
      return [];
    }
    const target = defined({
      group: exactly(difference.text('group')),
      kind: exactly(kind),
      name: exactly(difference.text('name')),
      namespace: inNamespace(difference.text('namespace'), ownNamespace),
    });
    const paths = [
      ...pathsOf(difference, 'jsonPointers', pathOfPointer),
      ...pathsOf(difference, 'jqPathExpressions', pathOfJq),
    ];
    difference.leave('managedFieldsManagers', ofDifference.managedFieldsManagers);
    if (paths.length === 0) return [];
    difference.noteAt(difference.path, [
      'fields that are ignored are left out of what is rendered, also when an object is made for the first time',
      'see that the API server has a default for them, or whoever sets them comes soon',
    ]);
    const nothing = paths.reduce<YamlMap>((all, path) => withNull(all, path), {});
    const patch = printYaml({ apiVersion: 'v1', kind: 'Any', ...nothing, metadata: named(nothing.metadata) });
    return [{ patch, target }];
  });
}

function pathsOf(
  difference: Input,
  field: 'jsonPointers' | 'jqPathExpressions',
  read: (text: string) => readonly string[] | undefined,
): readonly (readonly string[])[] {
  return difference.texts(field).flatMap((text, index) => {
    const path = read(text);
    if (path === undefined) difference.note(`${field}[${index}]`, ofDifference[field]);
    return path === undefined ? [] : [path];
  });
}

function pathOfPointer(pointer: string): readonly string[] | undefined {
  if (!pointer.startsWith('/')) return undefined;
  const path = pointer
    .slice(1)
    .split('/')
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
  return path.some((segment) => /^(?:\d+|-|)$/.test(segment)) ? undefined : path;
}

function pathOfJq(expression: string): readonly string[] | undefined {
  if (!/^(?:\.[A-Za-z_]\w*|\."[^"\\]+"|\["[^"\\]+"\])+$/.test(expression)) return undefined;
  return [...expression.matchAll(/\.([A-Za-z_]\w*)|\.?\[?"([^"]+)"\]?/g)].map(
    ([, bare, quoted]) => bare ?? quoted ?? '',
  );
}

function withNull(map: YamlMap, [first = '', ...rest]: readonly string[]): YamlMap {
  const before = map[first] as YamlMap | undefined;
  return { ...map, [first]: rest.length === 0 ? null : withNull(before ?? {}, rest) };
}

function named(metadata: YamlValue | undefined): YamlMap {
  return { ...(metadata as YamlMap | undefined), name: 'any' };
}

/** An object that names no namespace lies in that of the destination; while it is built it counts as one of `default`. */
function inNamespace(wanted: string | undefined, own: string | undefined): string | undefined {
  const pattern = exactly(wanted);
  const meansOwn = pattern !== undefined && own !== undefined && new RegExp(`^(?:${pattern})$`).test(own);
  return meansOwn ? `${pattern}|default` : pattern;
}

/** `*` is any for Argo CD. */
function exactly(text: string | undefined): string | undefined {
  return text?.split('*').map(literal).join('.*');
}
