import { isUtf8 } from 'node:buffer';
import type { Loader } from '../files/loader.ts';
import type { GeneratorArgs, GeneratorOptions } from '../kustomization/shape.ts';
import { isMap, NodeMap } from '../nodes/node.ts';
import { newText, refuseKey } from '../nodes/scalars.ts';
import { Problem } from '../problem.ts';
import type { Scopes } from '../resources/ids.ts';
import { type Behavior, Resource, textNodes } from '../resources/resource.ts';
import { readKeyValues } from './key-values.ts';

export type GeneratedKind = 'ConfigMap' | 'Secret';

/** A ConfigMap or Secret out of literals and files. */
export function generate(kind: GeneratedKind, args: GeneratorArgs, loader: Loader, scopes: Scopes): Resource {
  const { name = '', namespace = '', options = {} } = args;
  if (name === '') throw new Problem('configuration', `a generator of a ${kind} has no name`);
  const { entries, sensitive } = readKeyValues(args, loader);
  const node = new NodeMap();
  node.apiVersion = 'v1';
  node.kind = kind;
  const metadata = new NodeMap();
  metadata.name = name;
  if (namespace !== '') metadata.namespace = namespace;
  if (options.labels?.size) metadata.labels = textNodes(options.labels);
  if (options.annotations?.size) metadata.annotations = textNodes(options.annotations);
  node.metadata = metadata;
  if (kind === 'Secret') node.type = args.type || 'Opaque';
  addEntries(node, kind, entries);
  if (options.immutable) node.immutable = true;
  const resource = new Resource(node, `the generator of ${kind} ${name}`, scopes, sensitive);
  resource.needsHash = !options.disableNameSuffixHash;
  resource.behavior = behaviorOf(args.behavior);
  return resource;
}

/** A ConfigMap holds text as it is and anything else in `binaryData`; a Secret holds everything as Base64. */
function addEntries(node: NodeMap, kind: GeneratedKind, entries: ReadonlyMap<string, Uint8Array>): void {
  if (kind === 'Secret') node.data = new NodeMap();
  for (const [key, bytes] of entries) {
    const isText = kind === 'ConfigMap' && isUtf8(bytes);
    const field = isText || kind === 'Secret' ? 'data' : 'binaryData';
    const map = isMap(node[field]) ? node[field] : new NodeMap();
    refuseKey(key);
    map[key] = newText(isText ? Buffer.from(bytes).toString() : base64(bytes));
    node[field] = map;
  }
}

const LINE = 70;

/** In lines of 70, each with its end, unless one is enough and not full. */
export function base64(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('base64');
  return text.length < LINE ? text : text.replace(/.{1,70}/g, '$&\n');
}

function behaviorOf(behavior = ''): Behavior {
  return behavior === 'replace' || behavior === 'merge' || behavior === 'create' ? behavior : 'unspecified';
}

/** A generator's own options win over those for all; what is switched on for all cannot be switched off. */
export function withGlobalOptions(
  own: GeneratorOptions | undefined,
  all: GeneratorOptions | undefined,
): GeneratorOptions {
  if (all === undefined) return own ?? {};
  const merged = (name: 'labels' | 'annotations') => new Map([...(all[name] ?? []), ...(own?.[name] ?? [])]);
  return {
    labels: merged('labels'),
    annotations: merged('annotations'),
    disableNameSuffixHash: Boolean(own?.disableNameSuffixHash || all.disableNameSuffixHash),
    immutable: Boolean(own?.immutable || all.immutable),
  };
}
