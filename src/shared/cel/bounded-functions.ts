import { type Environment, EvaluationError } from '@marcbachmann/cel-js';
import { RE2JS } from 're2js';

/** What expressions may put together; no object is larger. */
const MAX_LENGTH = 2 ** 21;
/** Of a list that is put together. */
const MAX_ELEMENTS = 100_000;

/** What stands in for operators and functions of CEL whose answers could grow, or take time, without bound. */
export const boundedNames = { plus: 'bounded_plus', join: 'bounded_join', matches: 'bounded_matches' } as const;

/** `plain` answers where no bound is needed: numbers, times. */
export function registerBounded(environment: Environment, plain: Environment): void {
  const plainPlus = plain.parse('left + right');
  environment.registerFunction(`${boundedNames.plus}(dyn, dyn): dyn`, (left: unknown, right: unknown) => {
    refusePast(lengthOf(left) + lengthOf(right), Array.isArray(left) ? MAX_ELEMENTS : MAX_LENGTH);
    try {
      return plainPlus({ left, right });
    } catch (error) {
      throw error instanceof EvaluationError ? noAnswer(error.code, error.summary) : error; // its place is not the user's
    }
  });
  environment.registerFunction(`list.${boundedNames.join}(): string`, (texts: readonly unknown[]) => joined(texts, ''));
  environment.registerFunction(`list.${boundedNames.join}(string): string`, joined);
  environment.registerFunction(`string.${boundedNames.matches}(string): bool`, matches);
}

function lengthOf(value: unknown): number {
  const hasLength = typeof value === 'string' || Array.isArray(value) || value instanceof Uint8Array;
  return hasLength ? value.length : 0;
}

function joined(texts: readonly unknown[], separator: string): string {
  let length = 0;
  for (const text of texts) {
    if (typeof text !== 'string') throw noAnswer('invalid_list_element_type', 'join() takes a list of strings');
    length += text.length + separator.length;
    refusePast(length, MAX_LENGTH);
  }
  return texts.join(separator);
}

/** RE2, as in Go: linear in the text, where JavaScript's own may backtrack for ever. */
function matches(text: string, pattern: string): boolean {
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(pattern);
  } catch {
    throw noAnswer('invalid_regular_expression', 'no regular expression');
  }
  return compiled.matcher(text).find();
}

function refusePast(length: number, limit: number): void {
  if (length > limit) throw noAnswer('result_too_large', `longer than ${limit}`);
}

function noAnswer(code: string, message: string): EvaluationError {
  return new EvaluationError({ code, message });
}
