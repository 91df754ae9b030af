import { EvaluationProblem } from './problems.ts';

type Comparable = string | number | bigint | boolean;

/** As Go's templates compare: like with like, a whole number never with a broken one, truth values only for equality. */
export function compared(a: unknown, operator: string, b: unknown): boolean {
  if (!isComparable(a) || !isComparable(b)) throw new EvaluationProblem('a filter compares what has no order');
  if (kindOf(a) !== kindOf(b)) throw new EvaluationProblem('a filter compares values of two kinds');
  if (operator === '==') return a === b || (typeof a !== typeof b && BigInt(a) === BigInt(b));
  if (operator === '!=') return !compared(a, '==', b);
  if (typeof a === 'boolean') throw new EvaluationProblem('a filter compares what has no order');
  switch (operator) {
    case '<':
      return isBelow(a, b);
    case '<=':
      return !isBelow(b, a);
    case '>':
      return isBelow(b, a);
    case '>=':
      return !isBelow(a, b);
    default:
      throw new EvaluationProblem(`unknown operator ${JSON.stringify(operator)}`);
  }
}

/** Texts by their bytes. */
function isBelow(a: Comparable, b: Comparable): boolean {
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
  return a < b;
}

function isComparable(value: unknown): value is Comparable {
  return ['string', 'number', 'bigint', 'boolean'].includes(typeof value);
}

function kindOf(value: Comparable): 'text' | 'whole' | 'broken' | 'truth' {
  if (typeof value === 'string') return 'text';
  if (typeof value === 'boolean') return 'truth';
  return typeof value === 'bigint' || Number.isInteger(value) ? 'whole' : 'broken';
}
