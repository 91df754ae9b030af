import { Environment } from '@marcbachmann/cel-js';

const MAX_LENGTH = 8_192;

const environment = new Environment({
  unlistedVariablesAreDyn: true, // an object's fields are at top level and not known here
  homogeneousAggregateLiterals: false,
  enableOptionalTypes: true,
  limits: { maxAstNodes: 4_096, maxDepth: 128 },
});

/** Why a CEL expression does not compile; undefined when it does. */
export function celProblem(expression: string): string | undefined {
  if (expression.length > MAX_LENGTH) return `longer than ${MAX_LENGTH} characters`;
  try {
    environment.parse(expression);
    return undefined;
  } catch (error) {
    // The first line says what; the others draw the place.
    return error instanceof RangeError ? 'nested too deeply' : String((error as Error).message).split('\n', 1)[0];
  }
}
