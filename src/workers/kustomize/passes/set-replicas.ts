import { quoted } from '../../quoted.ts';
import type { FieldSpec } from '../fields/field-spec.ts';
import { visitField } from '../fields/visit-field.ts';
import type { ReplicaField } from '../kustomization/shape.ts';
import { kindOfNode } from '../nodes/node.ts';
import { putScalar } from '../nodes/scalars.ts';
import { Problem } from '../problem.ts';
import { matchesGvk } from '../resources/ids.ts';
import type { Pass } from './pass.ts';

/** Sets the replicas of whatever has that name, or had it. */
export function setReplicas({ name = '', count = 0 }: ReplicaField, fieldSpecs: readonly FieldSpec[]): Pass {
  return (resources) => {
    const named = resources.items.filter(({ allIds }) => allIds.some((id) => id.name === name));
    let isFound = false;
    for (const spec of fieldSpecs) {
      for (const resource of named) {
        if (!resource.allIds.some((id) => id.name === name && matchesGvk(id, spec))) continue;
        isFound = true;
        if (!matchesGvk(resource.gvk, spec)) continue;
        visitField(resource, spec, 'scalar', ({ holder, key }, old) => {
          if (kindOfNode(old) !== 'scalar') throw new Problem('field', `${spec.path} is not a scalar`);
          putScalar(holder, key, count);
        });
      }
    }
    if (!isFound) throw new Problem('noTarget', `replicas: nothing that has replicas is called ${quoted(name)}`);
  };
}
