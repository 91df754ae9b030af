import { type Environment, EvaluationError } from '@marcbachmann/cel-js';
import { RE2JS } from 're2js';

/** What expressions may put together; no object is larger. */
const MAX_LENGTH = 2 ** 21;
/** Of a list that is put together. */
const MAX_ELEMENTS = 100_000;

/** Stands in names for what is ours, so that no expression meets it by chance. */
export const OURS = 'bounded_';

/**
 * What stands in for operators and functions of CEL whose answers could grow, or take time, without bound, and those of
 * Flux's that our library lacks. `plain` answers where no bound is needed.
 */
export function registerBounded(environment: Environment, plain: Environment): void {
  const plainPlus = plain.parse('left + right');
  environment.registerFunction(`${OURS}plus(dyn, dyn): dyn`, (left: unknown, right: unknown) => {
    refusePast(lengthOf(left) + lengthOf(right), Array.isArray(left) ? MAX_ELEMENTS : MAX_LENGTH);
    try {
      return plainPlus({ left, right });
    } catch (error) {
      throw error instanceof EvaluationError ? noAnswer(error.code, error.summary) : error; // its place is not the user's
    }
  });
  environment.registerFunction(`list.${OURS}join(): string`, (texts: readonly unknown[]) => joined(texts, ''));
  environment.registerFunction(`list.${OURS}join(string): string`, joined);
  environment.registerFunction(`string.${OURS}matches(string): bool`, matches);
  environment.registerFunction(`string.${OURS}charAt(int): string`, charAt);
  environment.registerFunction(`string.${OURS}replace(string, string): string`, replaced);
  environment.registerFunction(`string.${OURS}reverse(): string`, (text: string) => [...text].toReversed().join(''));
  environment.registerFunction(`${OURS}base64_encode(bytes): string`, (bytes: Uint8Array) => {
    refusePast(bytes.length * 2, MAX_LENGTH);
    return Buffer.from(bytes).toString('base64');
  });
  environment.registerFunction(`${OURS}base64_decode(string): bytes`, (text: string) => Buffer.from(text, 'base64'));
  for (const [name, meaning] of sets) {
    const answer = plain.parse(meaning);
    environment.registerFunction(`${OURS}sets_${name}(list, list): bool`, (left: unknown, right: unknown) =>
      answer({ left, right }),
    );
  }
}

const sets = [
  ['contains', 'right.all(e, e in left)'],
  ['equivalent', 'right.all(e, e in left) && left.all(e, e in right)'],
  ['intersects', 'right.exists(e, e in left)'],
] as const;

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

function replaced(text: string, old: string, by: string): string {
  return joined(text.split(old), by);
}

function charAt(text: string, index: bigint): string {
  const characters = [...text];
  if (index < 0n || index > characters.length) throw noAnswer('index_out_of_range', 'charAt() past the end');
  return characters[Number(index)] ?? '';
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
