import { Environment, type ParseResult } from '@marcbachmann/cel-js';
import { registerBounded } from './bounded-functions.ts';
import { boundedText, UnknownFunction } from './bounded-text.ts';

const MAX_LENGTH = 8_192;

const options = {
  unlistedVariablesAreDyn: true, // an object's fields are at top level and not known here
  homogeneousAggregateLiterals: false,
  enableOptionalTypes: true,
};

/** What may be written. */
const written = new Environment({ ...options, limits: { maxAstNodes: 4_096, maxDepth: 128 } });
/** What is evaluated in its place, by a text that is longer and nested deeper. */
const bounded = new Environment({ ...options, limits: { maxAstNodes: 8_192, maxDepth: 1_024 } });
registerBounded(bounded, written);

/**
 * The one way to an expression: what the webhook lets pass is what is evaluated. Throws an error of one line that says
 * why when the text is none.
 */
export function compileCel(expression: string): ParseResult {
  if (expression.length > MAX_LENGTH) throw new Error(`longer than ${MAX_LENGTH} characters`);
  try {
    return bounded.parse(boundedText(written.parse(expression).ast));
  } catch (error) {
    throw new Error(whyNot(error), { cause: error });
  }
}

/** The first line says what; the others draw the place. */
function whyNot(error: unknown): string {
  if (error instanceof RangeError) return 'nested too deeply';
  if (error instanceof UnknownFunction) return error.message;
  return String((error as Error).message).split('\n', 1)[0] ?? '';
}
