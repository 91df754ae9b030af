import { type FieldSpec, SpecsByKind } from '../fields/field-spec.ts';
import { type Slot, visitField } from '../fields/visit-field.ts';
import type { ImageField } from '../kustomization/shape.ts';
import { isList, isMap, isNull, kindOfNode, type Node } from '../nodes/node.ts';
import { putScalar, rewritten, textOf } from '../nodes/scalars.ts';
import { Problem } from '../problem.ts';
import { imageMatcher, withImage } from './image-name.ts';
import type { Pass } from './pass.ts';

/**
 * Rewrites images: first of all containers and init containers at any depth of any object, then of the fields that are
 * configured. Most are met twice, which shows where a tag gets a suffix.
 */
export function setImage(image: ImageField, fieldSpecs: readonly FieldSpec[]): Pass {
  const specs = new SpecsByKind(fieldSpecs);
  const matches = imageMatcher(image.name ?? '');
  const update = ({ holder, key }: Slot, node: Node) => {
    if (isNull(node)) return;
    if (kindOfNode(node) !== 'scalar') throw new Problem('field', 'an image is not a scalar');
    const text = textOf(node);
    if (matches(text)) putScalar(holder, key, rewritten(node, withImage(text, image)));
  };
  return (resources) => {
    for (const resource of resources.items) {
      const { node, kind, gvk } = resource;
      if (kind === 'CustomResourceDefinition') continue; // it has schemas of containers, no containers
      visitContainers(node, update);
      for (const spec of specs.of(gvk)) visitField(resource, spec, 'nothing', update);
    }
  };
}

type Update = (slot: Slot, node: Node) => void;

function visitContainers(node: Node, update: Update): void {
  if (isList(node)) {
    for (const item of node) visitContainers(item, update);
  } else if (isMap(node)) {
    for (const key of Object.keys(node)) {
      const value = node[key] as Node;
      if (typeof value !== 'object' || value === null) continue;
      visitContainers(value, update);
      if ((key === 'containers' || key === 'initContainers') && isList(value)) updateImages(value, update);
    }
  }
}

function updateImages(containers: readonly Node[], update: Update): void {
  for (const container of containers) {
    if (isNull(container)) continue;
    if (!isMap(container)) throw new Problem('field', 'a container is not a map');
    if (container.image !== undefined) update({ holder: container, key: 'image' }, container.image);
  }
}
