import { unquote } from './unquote.ts';

/** Literal text and braced actions in turn: `v{.data.version}`. */
export type Template = readonly (TextNode | ActionNode)[];

export interface TextNode {
  readonly is: 'text';
  readonly text: string;
}

/** What stands between two braces. */
export interface ActionNode {
  readonly is: 'action';
  readonly steps: readonly Step[];
}

export type Step =
  | TextNode
  | { readonly is: 'field'; readonly name: string }
  | { readonly is: 'wildcard' }
  | { readonly is: 'recursive' }
  /** `range` and `end`; any other word fails when evaluated, not here. */
  | { readonly is: 'word'; readonly word: string }
  | { readonly is: 'number'; readonly value: number }
  | { readonly is: 'boolean'; readonly value: boolean }
  /** `[2]` is from 2 and nothing else; `[1:3]`, `[::2]` and `[*]` are slices. */
  | { readonly is: 'index'; readonly at: number }
  | { readonly is: 'slice'; readonly from?: number; readonly to?: number; readonly step?: number }
  | { readonly is: 'union'; readonly members: readonly (readonly Step[])[] }
  | { readonly is: 'exists'; readonly path: readonly Step[] }
  | {
      readonly is: 'compare';
      readonly left: readonly Step[];
      readonly operator: string;
      readonly right: readonly Step[];
    };

export type ParsedJsonPath =
  | { readonly ok: true; readonly template: Template }
  | { readonly ok: false; readonly problem: string };

const MAX_LENGTH = 1_024;

/** Reads a template in the dialect of kubectl (client-go's util/jsonpath): text without braces is literal. */
export function parseJsonPath(text: string): ParsedJsonPath {
  if (text.length > MAX_LENGTH) return { ok: false, problem: `longer than ${MAX_LENGTH} characters` };
  try {
    return { ok: true, template: parseTemplate(text) };
  } catch (error) {
    if (error instanceof SyntaxProblem) return { ok: false, problem: error.message };
    throw error;
  }
}

class SyntaxProblem extends Error {}

function parseTemplate(text: string): (TextNode | ActionNode)[] {
  const nodes: (TextNode | ActionNode)[] = [];
  const cursor: Cursor = { text, at: 0 };
  while (cursor.at < text.length) {
    const literal = take(cursor, /[^{]*/y);
    if (literal !== '') nodes.push({ is: 'text', text: literal });
    if (cursor.at < text.length) nodes.push({ is: 'action', steps: parseAction(cursor) });
  }
  return nodes;
}

interface Cursor {
  readonly text: string;
  at: number;
}

/** What the sticky pattern matches here, moving past it; empty where it does not match. */
function take(cursor: Cursor, pattern: RegExp): string {
  pattern.lastIndex = cursor.at;
  const taken = pattern.exec(cursor.text)?.[0] ?? '';
  cursor.at += taken.length;
  return taken;
}

function parseAction(cursor: Cursor): Step[] {
  cursor.at += 1;
  const steps: Step[] = [];
  for (;;) {
    take(cursor, /[ @$]*/y);
    if (cursor.text.startsWith('}', cursor.at)) {
      cursor.at += 1;
      return steps;
    }
    steps.push(...parseStep(cursor, steps.at(-1)));
  }
}

function parseStep(cursor: Cursor, previous: Step | undefined): readonly Step[] {
  const rest = cursor.text.slice(cursor.at, cursor.at + 3);
  if (rest === '' || /^[\r\n]/.test(rest)) throw new SyntaxProblem('an action is not closed');
  if (rest === '[?(') return [parseFilter(cursor)];
  if (rest.startsWith('..')) return parseRecursive(cursor, previous);
  if (rest.startsWith('[')) return parseBrackets(cursor);
  if (/^["']/.test(rest)) return [parseQuoted(cursor)];
  if (rest.startsWith('.')) return [parseField(cursor)];
  if (/^[+\-\p{Nd}]/u.test(rest)) return [parseNumber(cursor)];
  if (/^[_\p{L}]/u.test(cursor.text.slice(cursor.at))) return [parseWord(cursor)];
  throw new SyntaxProblem(
    `unexpected character ${JSON.stringify(String.fromCodePoint(cursor.text.codePointAt(cursor.at) ?? 0))}`,
  );
}

function parseRecursive(cursor: Cursor, previous: Step | undefined): readonly Step[] {
  if (previous?.is === 'recursive') throw new SyntaxProblem('two recursive descents in a row');
  cursor.at += 2;
  const field = /^[_\p{L}\p{Nd}]/u.test(cursor.text.slice(cursor.at)) ? [fieldNamed(takeFieldName(cursor))] : [];
  return [{ is: 'recursive' }, ...field];
}

function parseField(cursor: Cursor): Step {
  cursor.at += 1;
  return fieldNamed(takeFieldName(cursor));
}

/** A backslash keeps the character after it from ending the name. */
function takeFieldName(cursor: Cursor): string {
  return take(cursor, /(?:\\.?|[^\\ \t\r\n.,[\]$@{}])*/suy);
}

function fieldNamed(written: string): Step {
  return written === '*' ? { is: 'wildcard' } : { is: 'field', name: written.replaceAll('\\', '') };
}

function parseWord(cursor: Cursor): Step {
  const word = take(cursor, /[^ \t\r\n.,[\]$@{}]*/y);
  return word === 'true' || word === 'false' ? { is: 'boolean', value: word === 'true' } : { is: 'word', word };
}

function parseNumber(cursor: Cursor): Step {
  const written = take(cursor, /[+-]?[.\p{Nd}]*/uy);
  const value = Number(written);
  if (!/^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)$/.test(written) || !Number.isFinite(value)) {
    throw new SyntaxProblem(`${written} is no number`);
  }
  return { is: 'number', value };
}

function parseQuoted(cursor: Cursor): Step {
  const quote = cursor.text[cursor.at];
  let end = cursor.at + 1;
  // As in client-go a backslash before the quote keeps it open, even one that is itself escaped.
  while (cursor.text[end] !== quote || cursor.text[end - 1] === '\\') {
    if (end >= cursor.text.length || cursor.text[end] === '\n')
      throw new SyntaxProblem('a quoted string is not closed');
    end += 1;
  }
  const text = unquote(cursor.text.slice(cursor.at, end + 1));
  if (text === undefined) throw new SyntaxProblem('a quoted string holds a bad escape');
  cursor.at = end + 1;
  return { is: 'text', text };
}

function parseBrackets(cursor: Cursor): readonly Step[] {
  const bracketed = take(cursor, /\[[^\]\n]*\]/y);
  if (bracketed === '') throw new SyntaxProblem('a bracket is not closed');
  const inside = bracketed.slice(1, -1);
  const members = inside.split(',');
  if (members.length > 1) {
    return [{ is: 'union', members: members.map((member) => stepsOf(`[${member.replace(/^ +| +$/g, '')}]`)) }];
  }
  const key = /^'([^']*)'$/.exec(inside)?.[1];
  // Read like a field, so that dots in it have to be escaped.
  return key === undefined ? [parseSlice(inside)] : stepsOf(`.${key}`);
}

function parseSlice(inside: string): Step {
  const parts = /^(-?[0-9]*)(?::(-?[0-9]*))?(?::(-?[0-9]*))?$/.exec(inside === '*' ? ':' : inside);
  if (parts === null) throw new SyntaxProblem(`[${inside}] is no index`);
  const [from, to, step] = parts.slice(1).map((part) => (part === undefined || part === '' ? undefined : Number(part)));
  if ([from, to, step].some((bound) => bound !== undefined && !(Math.abs(bound) < 2 ** 63))) {
    throw new SyntaxProblem(`[${inside}] is no index`);
  }
  if (!inside.includes(':') && from !== undefined) return { is: 'index', at: from };
  return {
    is: 'slice',
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(step !== undefined && { step }),
  };
}

function parseFilter(cursor: Cursor): Step {
  const start = cursor.at + '[?('.length;
  const end = endOfFilter(cursor.text, start);
  if (cursor.text[end + 1] !== ']') throw new SyntaxProblem('a filter is not closed by )]');
  cursor.at = end + 2;
  const condition = cursor.text.slice(start, end);
  const [, left, operator, right] = /^([^!<>=]+)([!<>=]+)([^\n]+)$/.exec(condition) ?? [];
  if (left === undefined || operator === undefined || right === undefined) {
    return { is: 'exists', path: stepsOf(condition) };
  }
  return { is: 'compare', left: stepsOf(left), operator, right: stepsOf(right) };
}

/** The first closing parenthesis that is not inside the filter's first quoted string. */
function endOfFilter(text: string, start: number): number {
  let quote: string | undefined;
  let closed = false;
  for (let at = start; at < text.length && text[at] !== '\n'; at += 1) {
    const character = text[at];
    if (character === '"' || character === "'") {
      if (quote === undefined) quote = character;
      else if (character === quote && text[at - 1] !== '\\') closed = true;
    }
    if (character === ')' && (quote === undefined || closed)) return at;
  }
  throw new SyntaxProblem('a filter is not closed');
}

/** A part of an action, read as if it stood between braces of its own. */
function stepsOf(text: string): readonly Step[] {
  return parseAction({ text: `{${text}}`, at: 0 });
}
