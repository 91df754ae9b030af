import { HeapRoom } from '../../../shared/heap-room.ts';
import { quoted } from '../../quoted.ts';
import { type FieldSpec, SpecsByKind } from '../fields/field-spec.ts';
import { visitField } from '../fields/visit-field.ts';
import type { VariableField } from '../kustomization/shape.ts';
import { plainFloatText } from '../nodes/go-float.ts';
import { lookUp } from '../nodes/lookup.ts';
import { isList, isMap, isMissingOrNull, isString, type Node, type NodeMap, Scalar } from '../nodes/node.ts';
import { putValue, tagOf, textOf } from '../nodes/scalars.ts';
import { splitFieldPath } from '../nodes/split-path.ts';
import { takeCopy } from '../nodes/take-copy.ts';
import { Problem } from '../problem.ts';
import { parseApiVersion, type ResId } from '../resources/ids.ts';
import type { Resource } from '../resources/resource.ts';
import type { ResourceList } from '../resources/resource-list.ts';
import { expandVariables, type VariableValue } from './expand-variables.ts';
import type { Pass } from './pass.ts';

export interface Variable {
  readonly name: string;
  readonly fieldPath: string;
}

/** Notes with each object which variables read from it: it may be renamed before they are read. */
export function declareVariables(resources: ResourceList, fields: readonly VariableField[]): readonly Variable[] {
  return fields.map((field) => {
    const name = field.name ?? '';
    const [found, another] = readFrom(resources, field);
    if (another !== undefined) throw new Problem('ambiguous', `variable ${quoted(name)} fits several objects`);
    if (found !== undefined) found.variables = [...found.variables, name];
    return { name, fieldPath: field.fieldref?.fieldPath || 'metadata.name' };
  });
}

function readFrom(resources: ResourceList, { objref = {} }: VariableField): readonly Resource[] {
  const { group = '', version = '' } = objref.apiVersion ? gvOf(objref.apiVersion, objref) : objref;
  const { kind = '', name = '', namespace = '' } = objref;
  const wanted: ResId = { group, version, kind, name, namespace, isClusterScoped: false };
  if (namespace !== '') return resources.withAnyId(wanted);
  return resources.items.filter(({ allIds }) => allIds.some((id) => sameObjectInAnyNamespace(id, wanted)));
}

function sameObjectInAnyNamespace(a: ResId, b: ResId): boolean {
  return a.name === b.name && a.kind === b.kind && a.version === b.version && a.group === b.group;
}

function gvOf(apiVersion: string, { group = '' }: { readonly group?: string }) {
  const parsed = parseApiVersion(apiVersion);
  return { group: parsed.group === '' ? group : parsed.group, version: parsed.version };
}

export function mergeVariables(own: Map<string, Variable>, more: Iterable<Variable>): void {
  for (const variable of more) {
    if (own.has(variable.name)) throw new Problem('conflict', `variable ${quoted(variable.name)} is there twice`);
    own.set(variable.name, variable);
  }
}

/** Puts values in the place of `$(NAME)` in the fields that may hold it. */
export function resolveVariables(variables: ReadonlyMap<string, Variable>, fieldSpecs: readonly FieldSpec[]): Pass {
  const specs = new SpecsByKind(fieldSpecs);
  return (resources) => {
    if (variables.size === 0) return;
    // Many references to one long value make a much longer text.
    const room = new HeapRoom();
    const values = new Map([...variables.values()].map((each) => [each.name, valueOfVariable(resources, each)]));
    for (const resource of resources.items) {
      const lookup = (name: string) => {
        const value = values.get(name);
        if (value?.sensitive) resource.sensitive = true;
        takeCopy(value?.value, room);
        return value?.value;
      };
      for (const spec of specs.of(resource.gvk)) {
        visitField(resource, spec, 'nothing', ({ holder, key }, node) => {
          if (isMissingOrNull(node)) return;
          if (isMap(node)) expandMap(node, lookup);
          else if (isList(node)) expandList(node, lookup);
          else if (isString(node)) putValue(holder, key, expanded(node, lookup));
        });
      }
    }
  };
}

type Lookup = (name: string) => VariableValue | undefined;

function expandMap(map: NodeMap, lookup: Lookup): void {
  for (const [key, value] of Object.entries(map)) {
    if (isString(value)) putValue(map, key, expanded(value, lookup));
  }
}

function expandList(list: Node[], lookup: Lookup): void {
  for (const [index, item] of list.entries()) {
    if (!isString(item)) throw new Problem('field', 'an item of a list that variables are put into is not text');
    putValue(list, index, expanded(item, lookup));
  }
}

function expanded(node: Node, lookup: Lookup): Node {
  const value = expandVariables(textOf(node), lookup);
  if (typeof value !== 'number') return value;
  const text = plainFloatText(value);
  return text === String(value) ? value : new Scalar('float', text);
}

interface SourcedValue {
  /** Undefined for a map or list, which is not put anywhere. */
  readonly value: VariableValue | undefined;
  readonly sensitive: boolean;
}

function valueOfVariable(resources: ResourceList, { name, fieldPath }: Variable): SourcedValue {
  const resource = resources.items.find(({ variables }) => variables.includes(name));
  if (resource === undefined) throw new Problem('noTarget', `variable ${quoted(name)} fits no object`);
  const node = lookUp(resource.node, withIndices(splitFieldPath(fieldPath)));
  if (node === undefined) throw new Problem('field', `variable ${quoted(name)}: ${quoted(fieldPath)} is not there`);
  return { value: primitive(node, name), sensitive: resource.sensitive || resource.kind === 'Secret' };
}

/** `ports[0]` is a field and an index. */
function withIndices(path: readonly string[]): readonly string[] {
  return path.flatMap((part) => {
    const match = /^(.*)\[(\d+)\]$/.exec(part);
    return match === null ? [part] : [match[1] ?? '', match[2] ?? ''].filter((each) => each !== '');
  });
}

/** Numbers are read from their text, and not as YAML reads them. */
function primitive(node: Node, name: string): VariableValue | undefined {
  if (isMap(node) || isList(node)) return undefined;
  const text = textOf(node);
  switch (tagOf(node)) {
    case 'int':
      if (!/^[-+]?\d+$/.test(text)) throw new Problem('field', `variable ${quoted(name)}: not a decimal number`);
      return BigInt(text.replace('+', ''));
    case 'float':
      return Number(text);
    case 'bool':
      return text.toLowerCase() === 'true';
    default:
      return text;
  }
}
