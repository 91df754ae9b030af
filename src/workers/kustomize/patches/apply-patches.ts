import type { HeapRoom } from '../../../shared/heap-room.ts';
import { finishMap } from '../nodes/finish.ts';
import { copyMap, isMap, isNilOrEmpty, isNull, type Node, NodeMap } from '../nodes/node.ts';
import { textOf } from '../nodes/scalars.ts';
import type { SchemaSource } from '../openapi/schema.ts';
import { Problem, placed } from '../problem.ts';
import { describeId, type ResId } from '../resources/ids.ts';
import { ORIGIN_ANNOTATION, TRANSFORMATIONS_ANNOTATION } from '../resources/origin.ts';
import { type Resource, textMap, textNodes } from '../resources/resource.ts';
import type { ResourceList } from '../resources/resource-list.ts';
import { applyJsonPatch, type JsonPatch } from './json-patch.ts';
import { mergeStrategically } from './strategic-merge.ts';

/** A patch that is an object itself, and what it may change beside the content. */
export interface StrategicPatch {
  readonly resource: Resource;
  readonly allowNameChange: boolean;
  readonly allowKindChange: boolean;
}

/** The one object that a patch without a selector names. */
export function patchTarget(resources: ResourceList, id: ResId): Resource {
  const [found, another] = resources.withAnyId(id);
  if (found === undefined) throw new Problem('noTarget', `no object is ${describeId(id)}, which a patch is for`);
  if (another !== undefined)
    throw new Problem('ambiguous', `several objects are ${describeId(id)}, which a patch is for`);
  return found;
}

/** A patch to the object that it names. */
export function patchNamed(target: Resource, patch: StrategicPatch, schemas: SchemaSource): void {
  merge(target, copyMap(patch.resource.node), patch, schemas);
}

/** A patch to objects that were selected; their API version counts, and its labels and annotations are texts. */
export function patchSelected(target: Resource, patch: StrategicPatch, schemas: SchemaSource): void {
  const node = copyMap(patch.resource.node);
  if (isMap(node.metadata)) {
    for (const field of ['labels', 'annotations']) {
      const texts = textMap(node.metadata[field]);
      if (texts.size === 0) delete node.metadata[field];
      else node.metadata[field] = textNodes(texts);
    }
  }
  const { apiVersion } = target;
  if (apiVersion === '') delete node.apiVersion;
  else node.apiVersion = apiVersion;
  merge(target, node, patch, schemas);
  // An object without one gets an empty one, which is null.
  if (apiVersion === '' && !isNilOrEmpty(target.node)) target.node.apiVersion = null;
}

function merge(target: Resource, patch: NodeMap, options: StrategicPatch, schemas: SchemaSource): void {
  const { name, namespace, kind } = target;
  if (options.allowNameChange || options.allowKindChange) target.rememberId();
  if (options.resource.sensitive) target.sensitive = true;
  const clearsHistory = replacesAnnotations(patch);
  const merged = placed(describeId(target.id), () => mergeStrategically(target.node, patch, schemas));
  if (merged === undefined) {
    target.node = new NodeMap();
    return;
  }
  // Replaced as a whole, the result is another object than the one in the list, and is lost.
  if (merged !== target.node || isNilOrEmpty(target.node)) return;
  if (clearsHistory) forgetHistory(target);
  if (!options.allowKindChange) target.setKind(kind);
  if (!options.allowNameChange) target.setName(name);
  target.setNamespace(namespace);
}

/** kustomize keeps an object's history in annotations: a patch that takes all of them away takes that too. */
function replacesAnnotations({ metadata }: NodeMap): boolean {
  if (isTakenAway(metadata)) return true;
  return isMap(metadata) && isTakenAway(metadata.annotations);
}

function isTakenAway(part: Node | undefined): boolean {
  if (isMap(part)) return /^(?:replace|delete)$/.test(textOf(part.$patch));
  return part !== undefined && isNull(part);
}

function forgetHistory(resource: Resource): void {
  resource.previous = [];
  resource.prefixes = [];
  resource.suffixes = [];
  resource.needsHash = false;
  resource.origin = undefined;
  resource.transformations = [];
}

/** A JSON patch to one object. Annotations become texts. */
export function patchWithOperations(target: Resource, operations: JsonPatch, room: HeapRoom): void {
  placed(describeId(target.id), () => {
    const annotations = notedAnnotations(target);
    if (annotations !== undefined) target.ensureMetadata().annotations = annotations;
    target.node = applyJsonPatch(finishMap(target.node), operations, room);
  });
  const annotations = target.annotations();
  // What kustomize notes down for itself it puts back, but not where an object comes from.
  if (!annotations.delete(ORIGIN_ANNOTATION)) target.origin = undefined;
  if (!annotations.delete(TRANSFORMATIONS_ANNOTATION)) target.transformations = [];
  target.setAnnotations(annotations);
}

/** What kustomize notes down about an object stands among its annotations, so that a patch finds some. */
function notedAnnotations({ metadata, hasNotes, origin, transformations }: Resource): NodeMap | undefined {
  if (!hasNotes) return undefined;
  const annotations = isMap(metadata?.annotations) ? metadata.annotations : new NodeMap();
  if (origin !== undefined) annotations[ORIGIN_ANNOTATION] = '';
  if (transformations.length > 0) annotations[TRANSFORMATIONS_ANNOTATION] = '';
  return annotations;
}
