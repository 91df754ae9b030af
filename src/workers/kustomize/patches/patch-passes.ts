import type { Loader } from '../files/loader.ts';
import type { PatchField } from '../kustomization/shape.ts';
import { isNilOrEmpty } from '../nodes/node.ts';
import type { OpenApi } from '../openapi/open-api.ts';
import type { Pass } from '../passes/pass.ts';
import { Problem, placed } from '../problem.ts';
import { readObjects } from '../resources/read-resources.ts';
import { Resource } from '../resources/resource.ts';
import { CompiledSelector } from '../selectors/selector.ts';
import { patchNamed, patchSelected, patchTarget, patchWithOperations, type StrategicPatch } from './apply-patches.ts';
import { type ParsedPatch, parseJsonPatch, parsePatch } from './patch-text.ts';

/** What patches need to know beside themselves. */
export interface PatchContext {
  readonly loader: Loader;
  readonly schemas: OpenApi;
}

/** One entry of `patches`. */
export function patchPass(field: PatchField, context: PatchContext): Pass {
  const { text, place, sensitive } = patchSource(field, context.loader);
  const parsed = placed(place, () => parsePatch(text, context.loader.room));
  const selector = field.target && new CompiledSelector(field.target);
  return (resources) => {
    if (parsed.is === 'JSON patch') {
      if (selector === undefined) throw new Problem('configuration', 'a JSON patch has no target', place);
      for (const target of resources.items.filter((each) => selector.selects(each))) {
        target.rememberId();
        if (sensitive) target.sensitive = true;
        resources.change(target, () => patchWithOperations(target, parsed.operations, context.loader.room));
      }
      return;
    }
    const patches = strategicPatches(parsed, field, place, sensitive, context.schemas);
    if (patches.length === 0) return;
    if (selector === undefined) {
      for (const patch of patches) {
        const target = patchTarget(resources, patch.resource.id);
        resources.change(target, () => patchNamed(target, patch, context.schemas));
      }
      return;
    }
    const [patch, another] = patches;
    if (patch === undefined || another !== undefined) {
      throw new Problem('configuration', 'several strategic merge patches have one target', place);
    }
    for (const target of resources.items.filter((each) => selector.selects(each))) {
      resources.change(target, () => patchSelected(target, patch, context.schemas));
    }
    resources.dropEmpty();
    resources.refuseConflicts();
  };
}

interface PatchSource {
  readonly text: string;
  readonly place: string;
  readonly sensitive: boolean;
}

function patchSource({ patch = '', path = '' }: PatchField, loader: Loader): PatchSource {
  const inline = patch.trim();
  if (inline !== '' && path !== '') throw new Problem('configuration', 'a patch has both a text and a path');
  if (inline !== '') return { text: inline, place: 'patch', sensitive: false };
  if (path === '') throw new Problem('configuration', 'a patch has neither a text nor a path');
  const { decrypted } = loader.load(path);
  return { text: loader.loadText(path), place: loader.name(path), sensitive: decrypted };
}

function strategicPatches(
  parsed: Extract<ParsedPatch, { is: 'strategic merge' }>,
  { options = {} }: PatchField,
  place: string,
  sensitive: boolean,
  schemas: OpenApi,
): readonly StrategicPatch[] {
  const { allowNameChange = false, allowKindChange = false } = options;
  return parsed.objects.map(({ node }) => {
    return { resource: new Resource(node, place, schemas, sensitive), allowNameChange, allowKindChange };
  });
}

/** `patchesStrategicMerge`: each entry is a patch, or the path of a file of them. */
export function strategicMergePass(entries: readonly string[], context: PatchContext): Pass {
  const { loader, schemas } = context;
  const patches = entries.flatMap((entry) => {
    const inline = inlineObjects(entry, loader);
    const sensitive = inline === undefined && loader.load(entry).decrypted;
    const place = inline === undefined ? loader.name(entry) : 'patch';
    const objects = inline ?? readObjects(loader.loadText(entry), loader.room, place);
    return objects.map(({ node }): StrategicPatch => {
      return {
        resource: new Resource(node, place, schemas, sensitive),
        allowNameChange: false,
        allowKindChange: false,
      };
    });
  });
  if (patches.length === 0) throw new Problem('configuration', 'patchesStrategicMerge: there is no patch in it');
  return (resources) => {
    for (const patch of patches) {
      const target = patchTarget(resources, patch.resource.id);
      resources.change(target, () => patchSelected(target, patch, schemas));
      if (isNilOrEmpty(target.node)) resources.dropEmpty();
      resources.refuseConflicts();
    }
  };
}

/** Undefined when a text is no object, and so must be a path. */
function inlineObjects(entry: string, { room }: Loader) {
  try {
    return readObjects(entry, room, 'patch');
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

/** One entry of `patchesJson6902`. */
export function jsonPatchPass({ target, path = '', patch = '' }: PatchField, { loader }: PatchContext): Pass {
  if (!target?.name) throw new Problem('configuration', 'patchesJson6902: a target has no name');
  if (patch !== '' && path !== '') throw new Problem('configuration', 'patchesJson6902: both a patch and a path');
  if (patch === '' && path === '') throw new Problem('configuration', 'patchesJson6902: neither a patch nor a path');
  const place = path === '' ? 'patchesJson6902' : loader.name(path);
  const text = path === '' ? patch : loader.loadText(path);
  const sensitive = path !== '' && loader.load(path).decrypted;
  const operations = placed(place, () => parseJsonPatch(text, loader.room));
  if (operations.length === 0) throw new Problem('configuration', 'a patch has no operations', place);
  const selector = new CompiledSelector(target);
  return (resources) => {
    for (const resource of resources.items.filter((each) => selector.selects(each))) {
      if (sensitive) resource.sensitive = true;
      resources.change(resource, () => patchWithOperations(resource, operations, loader.room));
    }
  };
}
