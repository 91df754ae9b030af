import { compileCel } from './environment.ts';

/** Why a CEL expression does not compile; undefined when it does. */
export function celProblem(expression: string): string | undefined {
  try {
    compileCel(expression);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
