import type { NameReference } from '../fields/config.ts';
import { type FieldSpec, SpecsByKind } from '../fields/field-spec.ts';
import { visitField } from '../fields/visit-field.ts';
import { isList, isMap, isMissingOrNull, type Node, type NodeMap } from '../nodes/node.ts';
import { newText, putScalar, rewritten, textOf } from '../nodes/scalars.ts';
import { Problem } from '../problem.ts';
import { describeId, type GvkPattern } from '../resources/ids.ts';
import type { Resource } from '../resources/resource.ts';
import type { ResourceList } from '../resources/resource-list.ts';
import { Candidates } from './candidates.ts';
import { chooseReferral } from './choose-referral.ts';
import type { Pass } from './pass.ts';

/** A field that names an object, and the kinds of the objects that it may name. */
interface ReferenceField extends FieldSpec {
  readonly target: GvkPattern;
}

/** Objects that were renamed or moved are referred to by their new names, and namespaces, from now on. */
export function fixReferences(references: readonly NameReference[]): Pass {
  const fields = new SpecsByKind(
    references.flatMap(({ fieldSpecs, ...target }) => fieldSpecs.map((spec): ReferenceField => ({ ...spec, target }))),
  );
  return (resources: ResourceList) => {
    const candidates = new Candidates(resources.items);
    for (const referrer of resources.items) {
      const wanted = fields.of(referrer.originalId);
      if (wanted.length === 0) continue;
      const fixer = new ReferrerFixer(referrer, candidates);
      for (const field of wanted) fixer.fix(field);
    }
  };
}

class ReferrerFixer {
  readonly #referrer: Resource;
  readonly #candidates: Candidates;

  constructor(referrer: Resource, candidates: Candidates) {
    this.#referrer = referrer;
    this.#candidates = candidates;
  }

  fix(field: ReferenceField): void {
    visitField(this.#referrer, field, 'nothing', ({ holder, key }, node) => {
      if (isMissingOrNull(node)) return;
      if (isMap(node)) this.#fixMap(field, node);
      else if (isList(node)) this.#fixList(field, node);
      else this.#fixScalar(field, holder, key);
    });
  }

  #fixList(field: ReferenceField, list: Node[]): void {
    for (const [index, item] of list.entries()) {
      if (isMissingOrNull(item)) continue;
      if (isMap(item)) this.#fixMap(field, item);
      else if (isList(item)) throw new Problem('field', 'a reference is a list in a list');
      else this.#fixScalar(field, list, index);
    }
  }

  #fixScalar(field: ReferenceField, holder: NodeMap | Node[], key: string | number): void {
    const node = (holder as Record<string | number, Node>)[key] as Node;
    const name = textOf(node);
    const named = this.#candidates.named(name, this.#referrer);
    const referral = chooseReferral(named, this.#question(field, 'name'));
    if (referral === undefined || referral.name === name) return;
    putScalar(holder, key, rewritten(node, referral.name));
  }

  /** A reference with a name and, perhaps, a namespace. */
  #fixMap(field: ReferenceField, map: NodeMap): void {
    if (map.name === undefined) throw new Problem('field', 'a reference is a map without a name');
    const name = textOf(map.name);
    const named = this.#candidates.named(name, this.#referrer);
    const inNamespace =
      map.namespace === undefined ? named : this.#candidates.inNamespace(named, textOf(map.namespace), this.#referrer);
    const referral = chooseReferral(inNamespace, this.#question(field, 'name and namespace'));
    if (referral === undefined || (referral.name === name && referral.namespace === '')) return;
    putScalar(map, 'name', rewritten(map.name, referral.name));
    if (referral.namespace === '') return;
    const { namespace } = map;
    putScalar(
      map,
      'namespace',
      namespace === undefined ? newText(referral.namespace) : rewritten(namespace, referral.namespace),
    );
  }

  #question({ path, target }: ReferenceField, taken: 'name' | 'name and namespace') {
    const referrer = this.#referrer;
    return { referrer, target, path, taken, place: `${path} of ${describeId(referrer.id)}` };
  }
}
