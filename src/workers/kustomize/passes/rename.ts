import type { FieldSpec } from '../fields/field-spec.ts';
import { visitField } from '../fields/visit-field.ts';
import { kindOfNode } from '../nodes/node.ts';
import { putScalar, rewritten, textOf } from '../nodes/scalars.ts';
import { Problem } from '../problem.ts';
import { matchesGvk, type ResId } from '../resources/ids.ts';
import type { Pass } from './pass.ts';

export function addPrefix(prefix: string, fieldSpecs: readonly FieldSpec[]): Pass {
  return rename({ prefix, suffix: '' }, fieldSpecs);
}

export function addSuffix(suffix: string, fieldSpecs: readonly FieldSpec[]): Pass {
  return rename({ prefix: '', suffix }, fieldSpecs);
}

interface Affixes {
  readonly prefix: string;
  readonly suffix: string;
}

function rename({ prefix, suffix }: Affixes, fieldSpecs: readonly FieldSpec[]): Pass {
  return (resources) => {
    for (const resource of resources.items) {
      const { originalId } = resource;
      if (keepsItsName(originalId)) continue;
      for (const spec of fieldSpecs) {
        if (!matchesGvk(originalId, spec)) continue;
        if (spec.path === 'metadata/name' && (prefix !== '' || suffix !== '')) {
          resource.rememberId();
          if (prefix !== '') resource.prefixes = [...resource.prefixes, prefix];
          if (suffix !== '') resource.suffixes = [...resource.suffixes, suffix];
        }
        if (!matchesGvk(resource.gvk, spec)) continue;
        visitField(resource, spec, 'scalar', ({ holder, key }, old) => {
          if (kindOfNode(old) !== 'scalar') throw new Problem('field', `${spec.path} is not a scalar`);
          putScalar(holder, key, rewritten(old, `${prefix}${textOf(old)}${suffix}`));
        });
      }
    }
    resources.idsChanged();
  };
}

/** Their names mean something to the API server. */
function keepsItsName({ group, kind }: ResId): boolean {
  if (kind === 'APIService') return group === 'apiregistration.k8s.io';
  return kind === 'CustomResourceDefinition' || kind === 'Namespace';
}
