import { EvaluationError } from '@marcbachmann/cel-js';
import type { KubeObject } from '../objects/object.ts';
import { OURS } from './bounded-functions.ts';
import { compileCel } from './environment.ts';

/** An object as expressions see it: its fields, by name. */
export type CelFields = ReadonlyMap<string, unknown>;

/** The expression has no answer for this object, or none that is true or false. */
export class NoAnswer extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NoAnswer';
  }
}

/**
 * What it puts together is bounded (bounded-functions.ts), but not how long it takes: call it where time has an end.
 * Throws NoAnswer, whose words are the expression's own and never the object's.
 */
export function holds(expression: string, fields: CelFields): boolean {
  const answer = answerOf(expression, fields);
  if (typeof answer !== 'boolean') throw new NoAnswer('is neither true nor false');
  return answer;
}

function answerOf(expression: string, fields: CelFields): unknown {
  try {
    return compileCel(expression)(fields);
  } catch (error) {
    if (error instanceof EvaluationError) throw new NoAnswer(whatAndWhere(error));
    throw new NoAnswer('cannot be evaluated'); // a function of the library threw, at a time zone that there is not, say
  }
}

const LONGEST_PLACE = 80;

/** `no such key in status.phase`. Not the error's message: that may quote a value. */
function whatAndWhere({ code, node }: EvaluationError): string {
  const place = (node?.input.slice(node.start, node.end) ?? '').replaceAll(/\s+/g, ' ');
  const what = code.replaceAll('_', ' ');
  return place === '' || place.length > LONGEST_PLACE || place.includes(OURS) ? what : `${what} in ${place}`;
}

/** Whole numbers are CEL's `int`, as in Go, which has two kinds of number where JSON has one. */
export function celFieldsOf(object: KubeObject): CelFields {
  return new Map(Object.entries(object).map(([name, value]) => [name, celValue(value)]));
}

function celValue(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(celValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, celValue(inner)]));
}
