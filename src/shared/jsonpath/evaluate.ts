import { stringifyExact } from '../json/exact-json.ts';
import { compared } from './compare.ts';
import type { ActionNode, Step, Template } from './parse.ts';
import { EvaluationProblem, NotFound } from './problems.ts';

export type Evaluated = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: string };

/** Of all steps together: two descents into a large object would take for ever. */
const MAX_VALUES = 1_000_000;

/**
 * The text that a template gives of an object, as kubectl prints it: several values with a space between. A problem
 * names what the template asks for and never what the object holds.
 */
export function evaluateJsonPath(template: Template, object: unknown): Evaluated {
  try {
    return { ok: true, text: textOf(template, object, new Effort()) };
  } catch (error) {
    if (error instanceof EvaluationProblem) return { ok: false, problem: error.message };
    throw error;
  }
}

class Effort {
  #left = MAX_VALUES;

  /** Hands on what was found, as long as it is not too much. */
  on<T>(found: readonly T[]): readonly T[] {
    this.#left -= found.length + 1;
    if (this.#left < 0) throw new EvaluationProblem('matches too much');
    return found;
  }
}

function textOf(template: Template, value: unknown, effort: Effort): string {
  let text = '';
  for (let at = 0; at < template.length; at += 1) {
    const node = template[at];
    if (node === undefined) break;
    if (node.is === 'text') text += node.text;
    else if (isWord(node, 'end')) throw new EvaluationProblem('{end} without {range}');
    else if (isWord(node, 'range')) {
      const end = endOfRange(template, at);
      const block = template.slice(at + 1, end);
      const items = walkAll([value], node.steps.slice(1), effort);
      for (const item of items) text += textOf(block, item, effort);
      if (items.length === 0) textOf(block, null, effort); // client-go does so too, and fails where a field is named
      at = end;
    } else text += walkAll([value], node.steps, effort).map(printed).join(' ');
  }
  return text;
}

function isWord({ steps: [first] }: ActionNode, word: string): boolean {
  return first?.is === 'word' && first.word === word;
}

function endOfRange(template: Template, start: number): number {
  let depth = 0;
  for (let at = start; at < template.length; at += 1) {
    const node = template[at];
    if (node?.is !== 'action') continue;
    if (isWord(node, 'range')) depth += 1;
    if (isWord(node, 'end')) depth -= 1;
    if (depth === 0) return at;
  }
  throw new EvaluationProblem('{range} without {end}');
}

function walkAll(values: readonly unknown[], steps: readonly Step[], effort: Effort): readonly unknown[] {
  return steps.reduce((found, step) => effort.on(walk(found, step, effort)), values);
}

function walk(values: readonly unknown[], step: Step, effort: Effort): readonly unknown[] {
  switch (step.is) {
    case 'text':
      return [step.text];
    case 'number':
    case 'boolean':
      return values.map(() => step.value);
    case 'field':
      return fieldOf(values, step.name);
    case 'wildcard':
      return values.flatMap(membersOf);
    case 'recursive':
      return values.flatMap((value) => descend(value, effort));
    case 'index':
      return values.flatMap((value) => (value === null ? [] : [itemAt(listOf(value), step.at)]));
    case 'slice':
      return values.flatMap((value) => (value === null ? [] : sliceOf(listOf(value), step)));
    case 'union':
      return step.members.flatMap((member) => walkAll(values, member, effort));
    case 'exists':
      return filtered(values, (item) => exists(item, step.path, effort));
    case 'compare':
      return filtered(values, (item) => holds(item, step, effort));
    case 'word':
      throw new EvaluationProblem(`unknown word ${JSON.stringify(step.word)}`);
    default:
      return step satisfies never;
  }
}

/** Of one value among several it may be missing, of all it may not. */
function fieldOf(values: readonly unknown[], name: string): readonly unknown[] {
  const found = values.flatMap((value) => (isMap(value) && Object.hasOwn(value, name) ? [value[name]] : []));
  if (found.length === 0 && values.length > 0) throw new NotFound(name);
  return found;
}

/** Texts have none: client-go takes them for lists of bytes. */
function membersOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isMap(value) ? Object.values(value) : [];
}

/** The value and all that it holds, but for what holds nothing itself. */
function descend(value: unknown, effort: Effort): readonly unknown[] {
  const members = effort.on(membersOf(value));
  return members.length === 0 ? [] : [value, ...members.flatMap((member) => descend(member, effort))];
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new EvaluationProblem('what is indexed is no list');
}

function itemAt(list: readonly unknown[], at: number): unknown {
  const index = at < 0 ? at + list.length : at;
  if (index < 0 || index >= list.length) throw outOfBounds(at, list);
  return list[index];
}

function sliceOf(list: readonly unknown[], bounds: Extract<Step, { is: 'slice' }>): readonly unknown[] {
  const { from: first = 0, to: last = list.length, step = 1 } = bounds;
  const from = first < 0 ? first + list.length : first;
  const to = last < 0 ? last + list.length : last;
  if (from === to) return [];
  if (from < 0 || from >= list.length) throw outOfBounds(first, list);
  if (to < 0 || to > list.length) throw outOfBounds(last, list);
  if (from > to) throw new EvaluationProblem(`a slice from ${first} to ${last} runs backwards`);
  if (step <= 0) throw new EvaluationProblem('the step of a slice must be above zero');
  return list.slice(from, to).filter((_, index) => index % step === 0);
}

function outOfBounds(at: number, list: readonly unknown[]): EvaluationProblem {
  return new EvaluationProblem(`index ${at} is out of bounds: the list has ${list.length} items`);
}

function filtered(values: readonly unknown[], wanted: (item: unknown) => boolean): readonly unknown[] {
  return values.flatMap((value) => {
    if (!Array.isArray(value)) throw new EvaluationProblem('what is filtered is no list');
    return value.filter(wanted);
  });
}

/** As in client-go only a field that is missing is not there: what goes wrong in another way counts as found. */
function exists(item: unknown, path: readonly Step[], effort: Effort): boolean {
  try {
    return walkAll([item], path, effort).length > 0;
  } catch (error) {
    if (error instanceof NotFound) return false;
    if (error instanceof EvaluationProblem) return true;
    throw error;
  }
}

function holds(item: unknown, { left, operator, right }: Extract<Step, { is: 'compare' }>, effort: Effort): boolean {
  const [a, ...moreLeft] = walkAll([item], left, effort);
  if (a === undefined) return false;
  const [b, ...moreRight] = walkAll([item], right, effort);
  if (moreLeft.length + moreRight.length > 0) throw new EvaluationProblem('a filter can compare one value at a time');
  return b === undefined ? false : compared(a, operator, b);
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function printed(value: unknown): string {
  return typeof value === 'object' && value !== null ? stringifyExact(value) : String(value);
}
