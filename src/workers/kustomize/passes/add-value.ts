import type { Loader } from '../files/loader.ts';
import { type DecodedBy, integer, leniently, listOf, struct, text } from '../kustomization/decode.ts';
import { selector } from '../kustomization/shape.ts';
import { parseYaml11 } from '../kustomization/yaml11.ts';
import { isMap, isMissingOrNull, kindOfNode, type Node, NodeMap } from '../nodes/node.ts';
import { putScalar, rewritten, textOf } from '../nodes/scalars.ts';
import { splitPath } from '../nodes/split-path.ts';
import { Problem } from '../problem.ts';
import { CompiledSelector } from '../selectors/selector.ts';
import type { Pass } from './pass.ts';
import { putIntoNamespace } from './set-namespace.ts';

const target = struct({ selector, fieldPath: text, filePathPosition: integer });
const targetFile = struct({ targets: listOf(target) });

export interface ValueAddition {
  readonly value?: string;
  readonly targets?: readonly DecodedBy<typeof target>[];
  readonly targetFilePath?: string;
}

/** Writes one value, by default the folder's name, into fields; as a part of a file path where they hold one. */
export function addValue({ value = '', targets = [], targetFilePath = '' }: ValueAddition, loader: Loader): Pass {
  const added = value.trim() || (loader.root.split('/').at(-1) ?? '');
  const fromFile =
    targetFilePath === ''
      ? []
      : (targetFile(parseYaml11(loader.loadSettings(targetFilePath), loader.room), '', leniently).targets ?? []);
  const all = [...targets, ...fromFile].map((each) => ({
    selects: each.selector === undefined ? undefined : new CompiledSelector(each.selector),
    fieldPath: each.fieldPath ?? '',
    position: Number(each.filePathPosition ?? 0),
  }));
  if (all.length === 0) throw new Problem('configuration', 'targets are missing');
  for (const { fieldPath, position } of all) {
    if (fieldPath === '') throw new Problem('configuration', 'a target has no fieldPath');
    if (position < 0) throw new Problem('configuration', 'a filePathPosition is negative');
  }
  return (resources) => {
    for (const { selects, fieldPath, position } of all) {
      for (const resource of resources.items.filter((each) => selects?.selects(each) ?? true)) {
        if (fieldPath === 'metadata/namespace') {
          putIntoNamespace(resource, { namespace: added, fieldSpecs: [] });
        } else {
          putAt(resource.node, splitPath(fieldPath, '/'), (old) =>
            position > 0 ? withPathPart(textOf(old), position - 1, added) : added,
          );
        }
      }
    }
    resources.idsChanged();
  };
}

function putAt(root: NodeMap, path: readonly string[], change: (old: Node) => string): void {
  let holder = root;
  for (const part of path.slice(0, -1)) {
    const next = holder[part];
    if (isMap(next)) {
      holder = next;
    } else if (isMissingOrNull(next)) {
      const made = new NodeMap();
      holder[part] = made;
      holder = made;
    } else {
      throw new Problem('field', `${part} is not a map`);
    }
  }
  const key = path.at(-1) ?? '';
  const old = holder[key] ?? '';
  if (kindOfNode(old) !== 'scalar') throw new Problem('field', `${key} is not a scalar`);
  putScalar(holder, key, rewritten(old, change(old)));
}

/** Position 0 of an absolute path is behind its slash. */
function withPathPart(path: string, position: number, part: string): string {
  const parts = path === '' ? [] : path.split('/');
  const at = Math.min(position, parts.length);
  const isAbsolute = parts.length > 0 && parts[0] === '' && at < parts.length;
  return parts.toSpliced(isAbsolute ? at + 1 : at, 0, part).join('/');
}
