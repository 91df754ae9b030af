import type { HealthExpr } from '../api/types.ts';
import { celFieldsOf, holds, NoAnswer } from '../cel/holds.ts';
import type { KubeObject } from '../objects/object.ts';
import { UnreadableField } from './fields.ts';
import { generationRule } from './generic.ts';
import { current, failed, inProgress, type Readiness } from './readiness.ts';

/** The expressions of one kind; which kind that is has been settled. */
export type HealthExprs = Pick<HealthExpr, 'current' | 'inProgress' | 'failed'>;

/** Flux's order: the first that is true decides. */
const order = [
  ['inProgress', inProgress('as its inProgress expression tells')],
  ['failed', failed('as its failed expression tells')],
  ['current', current],
] as const;

/**
 * The readiness of an object by its kind's expressions, in place of kstatus and with Flux's rules: a status about
 * another generation is in progress whatever they say, and an expression without an answer ends the search.
 */
export function readinessByExprs(object: KubeObject, exprs: HealthExprs): Readiness {
  try {
    return generationRule(object) ?? firstThatHolds(object, exprs);
  } catch (error) {
    if (error instanceof UnreadableField) return { is: 'unknown', message: error.message };
    throw error;
  }
}

function firstThatHolds(object: KubeObject, exprs: HealthExprs): Readiness {
  const fields = celFieldsOf(object);
  for (const [name, readiness] of order) {
    const expression = exprs[name];
    if (expression === undefined || expression === '') continue;
    try {
      if (holds(expression, fields)) return readiness;
    } catch (error) {
      if (error instanceof NoAnswer) return inProgress(`its ${name} expression has no answer: ${error.message}`);
      throw error;
    }
  }
  return inProgress('none of its expressions is true');
}
