import { RE2JS } from 're2js';
import { Problem } from '../problem.ts';

/** A regular expression in Go's grammar, which matches in time linear to the text whatever it is. */
export interface Pattern {
  matches(text: string): boolean;
}

const LITERAL = /^[\w/-]*$/;
const compiled = new Map<string, Pattern>();
const MOST_KEPT = 1_000;
/** Some 10 ms; a name of full length against a pattern of 4,000 characters. */
const MAX_STEPS = 1_000_000;

/** The whole text must match. */
export function wholePattern(source: string): Pattern {
  if (LITERAL.test(source)) return { matches: (text) => text === source };
  return remembered(`^(?:${source})$`);
}

/** Some part of the text must match. */
export function partPattern(source: string): Pattern {
  if (LITERAL.test(source)) return { matches: (text) => text.includes(source) };
  return remembered(source);
}

function remembered(source: string): Pattern {
  let pattern = compiled.get(source);
  if (pattern === undefined) {
    const expression = compile(source);
    pattern = { matches: (text) => find(expression, text, source.length) };
    if (compiled.size >= MOST_KEPT) compiled.clear();
    compiled.set(source, pattern);
  }
  return pattern;
}

/** Linear still is a long time for a long pattern and a name of megabytes. */
function find(expression: RE2JS, text: string, patternLength: number): boolean {
  if (text.length * patternLength > MAX_STEPS) {
    throw new Problem('configuration', 'a selector takes too long to match');
  }
  return expression.matcher(text).find();
}

function compile(source: string): RE2JS {
  try {
    return RE2JS.compile(source);
  } catch {
    throw new Problem('configuration', 'a selector is not a regular expression');
  }
}
