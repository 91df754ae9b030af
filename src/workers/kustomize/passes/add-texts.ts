import { type FieldSpec, SpecsByKind } from '../fields/field-spec.ts';
import { visitField } from '../fields/visit-field.ts';
import { isMap, isNull, Scalar } from '../nodes/node.ts';
import { isPlainText, putScalar, refuseKey } from '../nodes/scalars.ts';
import { Problem } from '../problem.ts';
import type { Pass } from './pass.ts';

/** Adds labels, or annotations, wherever field specs say; one that is there gets the new value. */
export function addTexts(texts: ReadonlyMap<string, string>, fieldSpecs: readonly FieldSpec[]): Pass {
  const specs = new SpecsByKind(fieldSpecs);
  const sorted = [...texts].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return (resources) => {
    if (sorted.length === 0) return;
    for (const resource of resources.items) {
      // In one object one scalar stands in every place that is new: a later change to one is a change to all.
      const values = sorted.map(([key, text]) => ({
        key,
        text,
        shared: new Scalar('str', text, !isPlainText(text)),
      }));
      for (const spec of specs.of(resource.gvk)) {
        visitField(resource, spec, 'map', (_slot, map) => {
          if (isNull(map)) return;
          if (!isMap(map)) throw new Problem('field', `${spec.path} is not a map`);
          for (const { key, text, shared } of values) {
            if (map[key] === undefined) {
              refuseKey(key);
              map[key] = shared;
            } else {
              putScalar(map, key, text);
            }
          }
        });
      }
    }
  };
}
