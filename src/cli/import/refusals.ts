import { isDeepStrictEqual } from 'node:util';
import { describeViolation } from '../../shared/api/validate/violation.ts';
import { validateStageSet } from '../../shared/api/validate.ts';
import type { YamlMap } from '../../shared/yaml/yaml-value.ts';
import { type Imported, printedOf } from './imported.ts';
import { named } from './named.ts';
import type { Remedy } from './note.ts';

/** A document of which nothing is printed. Others may be as they should. */
export interface Refusal {
  readonly from: string;
  readonly remedy: Remedy;
}

export interface Sifted {
  readonly imported: readonly Imported[];
  readonly refused: readonly Refusal[];
}

/** What may be printed, and why the rest may not: each by itself, and beside those before it. */
export function sift(all: readonly Imported[]): Sifted {
  const imported: Imported[] = [];
  const refused: Refusal[] = [];
  const taken = new Map<string, Taken>();
  for (const each of all) {
    const { from } = each;
    const remedy = whyInvalid(each) ?? whyOverwriting(each, taken);
    if (remedy !== undefined) {
      refused.push({ from, remedy });
      continue;
    }
    imported.push(each);
    for (const object of printedOf(each)) taken.set(named(object), { object, from });
  }
  return { imported, refused };
}

export function describeRefusal({ from, remedy: [why, instead] }: Refusal): string {
  return `${from} is not imported: ${why}; ${instead}`;
}

/** What we write, we take: anything else is a fault of the original's, said before it reaches a cluster. */
function whyInvalid({ set }: Imported): Remedy | undefined {
  const violations = validateStageSet(set);
  if (violations.length === 0) return undefined;
  return [`what comes of it is no valid StageSet: ${violations.map(describeViolation).join('; ')}`, mended];
}

export const mended = 'mend that and import it again';

/** A name that is given away, to what and by whom. */
interface Taken {
  readonly object: YamlMap;
  readonly from: string;
}

/** Whoever applies both would have the second only. Two may share a source that is the same, but no StageSet. */
function whyOverwriting(each: Imported, taken: ReadonlyMap<string, Taken>): Remedy | undefined {
  for (const object of printedOf(each)) {
    const first = taken.get(named(object));
    if (first === undefined || (object.kind !== 'StageSet' && isDeepStrictEqual(object, first.object))) continue;
    return [
      `it would overwrite ${named(object)}, which comes of ${first.from}`,
      'give it another metadata.name and import it again, or write its stages into the other StageSet',
    ];
  }
  return undefined;
}
