import type { HeapRoom } from '../../../shared/heap-room.ts';
import type { YamlValue } from '../../../shared/yaml/yaml-value.ts';
import { quoted } from '../../quoted.ts';
import type { Loader } from '../files/loader.ts';
import { leniently, listOf } from '../kustomization/decode.ts';
import {
  type FieldOptions,
  type ReplacementField,
  type ReplacementOrPath,
  replacement,
} from '../kustomization/shape.ts';
import { parseYaml11 } from '../kustomization/yaml11.ts';
import { lookUp } from '../nodes/lookup.ts';
import { copyNode, isList, isMap, isNilOrEmpty, kindOfNode, type Node, type NodeMap, Scalar } from '../nodes/node.ts';
import { plainScalar, putValue, taggedScalar, tagOf, textOf } from '../nodes/scalars.ts';
import { splitFieldPath } from '../nodes/split-path.ts';
import { refuseTooDeep, takeCopy } from '../nodes/take-copy.ts';
import { Problem, placed } from '../problem.ts';
import { describeId, matchesGvk, type ResId, sameNamespace } from '../resources/ids.ts';
import type { Resource } from '../resources/resource.ts';
import type { ResourceList } from '../resources/resource-list.ts';
import { CompiledSelector } from '../selectors/selector.ts';
import { findTargets, type Target } from './find-targets.ts';
import type { Pass } from './pass.ts';
import { setInText } from './structured-text.ts';

const DEFAULT_PATH = 'metadata.name';

/** Copies fields of one object into fields of others. */
export function replaceValues(replacements: readonly ReplacementField[], room: HeapRoom): Pass {
  return (resources) => {
    for (const each of replacements) {
      const { targets = [] } = each;
      if (targets.length === 0) throw new Problem('configuration', 'replacements: one has no targets');
      const value = sourceOf(resources, each);
      for (const target of targets) putIntoTargets(resources, value, target, room);
    }
    resources.idsChanged();
  };
}

interface SourceValue {
  readonly node: Node;
  readonly sensitive: boolean;
}

function sourceOf(resources: ResourceList, { source, sourceValue }: ReplacementField): SourceValue {
  if (sourceValue !== undefined && source !== undefined) {
    throw new Problem('configuration', 'replacements: one has both a source and a sourceValue');
  }
  if (sourceValue !== undefined) return { node: plainScalar(sourceValue), sensitive: false };
  if (source === undefined) throw new Problem('configuration', 'replacements: one has no source');
  const [resource, another] = resources.items.filter((each) => idsOf(each).some((id) => isSource(id, source)));
  if (resource === undefined) throw new Problem('noTarget', 'replacements: a source fits no object');
  if (another !== undefined) throw new Problem('ambiguous', 'replacements: a source fits several objects');
  const path = source.fieldPath || DEFAULT_PATH;
  const node = lookUp(resource.node, splitFieldPath(path));
  if (node === undefined || isNilOrEmpty(node)) {
    throw new Problem('field', `replacements: ${quoted(path)} of ${describeId(resource.id)} is not there`);
  }
  return { node: partOf(node, source.options ?? {}), sensitive: resource.sensitive || resource.kind === 'Secret' };
}

/** Of an object's identities kustomize does not look at the scope here. */
function idsOf(resource: Resource): readonly ResId[] {
  return [{ ...resource.id, isClusterScoped: false }, ...resource.previousIds];
}

type SourceSelector = NonNullable<ReplacementField['source']>;

function isSource(id: ResId, { name, namespace, ...gvk }: SourceSelector): boolean {
  const inNamespace = !namespace || sameNamespace(id, { ...id, namespace });
  return (!name || name === id.name) && inNamespace && matchesGvk(id, gvk);
}

/** With a delimiter, one of the parts that it makes. */
function partOf(node: Node, { delimiter = '', index = 0 }: FieldOptions): Node {
  if (delimiter === '') return node;
  if (kindOfNode(node) !== 'scalar') throw new Problem('field', 'replacements: a delimiter is for scalars only');
  const part = textOf(node).split(delimiter)[Number(index)];
  if (part === undefined) throw new Problem('field', `replacements: index ${index} is out of bounds`);
  return taggedScalar(tagOf(node), part);
}

type TargetField = NonNullable<ReplacementField['targets']>[number];

function putIntoTargets(resources: ResourceList, value: SourceValue, target: TargetField, room: HeapRoom): void {
  if (target.select === undefined) throw new Problem('configuration', 'replacements: a target selects nothing');
  const select = new CompiledSelector(target.select);
  const reject = (target.reject ?? []).map((each) => new CompiledSelector(each));
  const fieldPaths = target.fieldPaths?.length ? target.fieldPaths : [DEFAULT_PATH];
  for (const resource of resources.items) {
    if (!isSelected(resource, select, reject)) continue;
    if (value.sensitive) resource.sensitive = true;
    for (const path of fieldPaths) {
      // A text that is taken apart and joined again is there three times for a moment.
      for (let copies = target.options?.delimiter ? 4 : 1; copies > 0; copies--) takeCopy(value.node, room);
      putIntoField(resource, value.node, splitFieldPath(path), target.options ?? {}, path);
    }
  }
}

function isSelected(resource: Resource, select: CompiledSelector, reject: readonly CompiledSelector[]): boolean {
  if (!select.matchesLabels(resource)) return false;
  if (reject.some((each) => each.asksForLabels && each.matchesLabels(resource))) return false;
  const ids = idsOf(resource);
  if (reject.some((each) => each.asksForIdentity && ids.some((id) => matchesId(each, id)))) return false;
  return ids.some((id) => matchesId(select, id));
}

function matchesId(selector: CompiledSelector, id: ResId): boolean {
  return selector.matchesGvk(id) && selector.matchesName(id.name) && selector.matchesNamespace(id.namespace);
}

function putIntoField(
  resource: Resource,
  value: Node,
  path: readonly string[],
  options: FieldOptions,
  written: string,
): void {
  placed(`replacements: ${quoted(written)}`, () => refuseTooDeep(path.length));
  const create = options.create ? kindOfNode(value) : undefined;
  const put = (target: Target) => putIntoTarget(target, value, options);
  const find = (root: Node, below: readonly string[]) => findTargets(root, below, create);
  if (setInText(resource.node, path, find, put)) return;
  const targets = find(resource.node, path);
  if (targets.length === 0) {
    throw new Problem('field', `replacements: ${quoted(written)} of ${describeId(resource.id)} is not there`);
  }
  for (const target of targets) put(target);
}

/** A scalar keeps its type and takes the text; anything else becomes what the value is. */
function putIntoTarget({ holder, key, isNew }: Target, value: Node, options: FieldOptions): void {
  const old = (holder as Record<string | number, Node>)[key] as Node;
  const isScalar = kindOfNode(old) === 'scalar';
  const text = options.delimiter ? joinedText(old, value, options) : textOf(value);
  if (isScalar) setText(holder, key, old, isNew ? plainScalar(text) : taggedScalar(tagOf(old), text));
  else if (isMap(value) || isList(value) || value instanceof Scalar) {
    (holder as Record<string | number, Node>)[key] = copyNode(value);
  } else (holder as Record<string | number, Node>)[key] = value;
}

/** In the quotes that are there. */
function setText(holder: NodeMap | Node[], key: string | number, old: Node, value: Node): void {
  if (old instanceof Scalar && old.quoted) old.text = textOf(value);
  else putValue(holder, key, value);
}

/** Below 0 is before all parts, beyond the last one behind them. */
function joinedText(old: Node, value: Node, { delimiter = '', index = 0 }: FieldOptions): string {
  if (kindOfNode(old) !== 'scalar') throw new Problem('field', 'replacements: a delimiter is for scalars only');
  const parts = textOf(old).split(delimiter);
  const at = Number(index);
  if (at < 0) parts.unshift(textOf(value));
  else if (at >= parts.length) parts.push(textOf(value));
  else parts[at] = textOf(value);
  return parts.join(delimiter);
}

/** Entries that name a file stand for what is in it: one replacement or a list. */
export function loadReplacements(entries: readonly ReplacementOrPath[], loader: Loader): readonly ReplacementField[] {
  return entries.flatMap(({ path = '', ...inline }) => {
    if (path === '') return [inline];
    if (inline.source !== undefined || inline.targets?.length) {
      throw new Problem('configuration', 'replacements: one has both a path and fields of its own');
    }
    const value = parseYaml11(loader.loadSettings(path), loader.room);
    return placed(loader.name(path), () =>
      Array.isArray(value)
        ? listOf(replacement)(value, '', leniently)
        : [replacement(demandedMap(value), '', leniently)],
    );
  });
}

function demandedMap(value: YamlValue): YamlValue {
  if (value !== null && typeof value === 'object') return value;
  throw new Problem('configuration', 'neither a replacement nor a list of them');
}
