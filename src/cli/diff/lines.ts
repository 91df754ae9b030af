import { printYaml } from '../../shared/go-yaml/print-yaml.ts';
import type { YamlMap, YamlValue } from '../../shared/yaml/yaml-value.ts';
import { align } from './align.ts';
import type { Difference, ItemDifference } from './compare.ts';

export interface DiffLine {
  readonly mark: ' ' | '-' | '+';
  readonly text: string;
}

/** An object as one would write it, with what changed in it, and of the rest only what leads there. */
export function linesOf(difference: Difference): readonly DiffLine[] {
  return difference.is === 'in map' ? linesInMap(difference, 0) : [];
}

/** A whole object, each line marked. */
export function linesOfObject(mark: '-' | '+', object: YamlMap): readonly DiffLine[] {
  return marked(mark, 0, yamlLines(object));
}

function linesInMap({ fields }: Extract<Difference, { is: 'in map' }>, depth: number): readonly DiffLine[] {
  return fields.flatMap(({ key, difference }) => {
    switch (difference.is) {
      case 'added':
        return marked('+', depth, yamlLines({ [key]: difference.to }));
      case 'removed':
        return marked('-', depth, yamlLines({ [key]: difference.from }));
      case 'changed':
        return changedLines(key, difference.from, difference.to, depth);
      case 'in map':
        return [...context(depth, `${keyText(key)}:`), ...linesInMap(difference, depth + 1)];
      case 'in list':
        return [...context(depth, `${keyText(key)}:`), ...difference.items.flatMap((item) => linesOfItem(item, depth))];
      default:
        return difference satisfies never;
    }
  });
}

/** A list stands as deep as the field that holds it. */
function linesOfItem({ known, difference }: ItemDifference, depth: number): readonly DiffLine[] {
  switch (difference.is) {
    case 'added':
      return marked('+', depth, itemLines(difference.to));
    case 'removed':
      return marked('-', depth, itemLines(difference.from));
    case 'changed':
      return [...marked('-', depth, itemLines(difference.from)), ...marked('+', depth, itemLines(difference.to))];
    case 'in map': {
      const head = known === undefined ? ['-'] : itemLines({ [known.field]: known.value });
      return [...context(depth, ...head), ...linesInMap(difference, depth + 1)];
    }
    case 'in list':
      return [...context(depth, '-'), ...difference.items.flatMap((item) => linesOfItem(item, depth + 1))];
    default:
      return difference satisfies never;
  }
}

function changedLines(key: string, from: YamlValue, to: YamlValue, depth: number): readonly DiffLine[] {
  if (isText(from) && isText(to)) {
    return [...context(depth, `${keyText(key)}: |`), ...linesOfText(from, to, depth + 1)];
  }
  return [...marked('-', depth, yamlLines({ [key]: from })), ...marked('+', depth, yamlLines({ [key]: to }))];
}

/** Of several lines, so that it matters which of them changed; anything that YAML would escape it had better escape. */
function isText(value: YamlValue): value is string {
  return typeof value === 'string' && value.trimEnd().includes('\n') && !/[^\P{C}\t\n]/u.test(value);
}

/** Lines that stay, shown around one that does not. */
const AROUND = 3;

function linesOfText(from: string, to: string, depth: number): readonly DiffLine[] {
  const pairs = align(textLines(from), textLines(to), (line) => line);
  const isKept = pairs.map((pair) => 'from' in pair && 'to' in pair);
  const isShown = pairs.map((_, i) => isKept.slice(Math.max(0, i - AROUND), i + AROUND + 1).includes(false));
  return pairs.flatMap((pair, i): readonly DiffLine[] => {
    if (!isShown[i]) return i > 0 && isShown[i - 1] ? context(depth, '…') : [];
    if (isKept[i] && 'to' in pair) return context(depth, pair.to);
    return 'from' in pair ? marked('-', depth, [pair.from]) : marked('+', depth, [pair.to]);
  });
}

/** What differs in nothing but the line break at its end differs all the same. */
function textLines(text: string): readonly string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') return lines.slice(0, -1);
  return lines.with(-1, `${lines.at(-1)} (no line break at the end)`);
}

function context(depth: number, ...lines: readonly string[]): readonly DiffLine[] {
  return indented(' ', depth, lines);
}

function marked(mark: '-' | '+', depth: number, lines: readonly string[]): readonly DiffLine[] {
  return indented(mark, depth, lines);
}

function indented(mark: DiffLine['mark'], depth: number, lines: readonly string[]): readonly DiffLine[] {
  return lines.map((line) => ({ mark, text: `${'  '.repeat(depth)}${line}` }));
}

function yamlLines(object: YamlMap): readonly string[] {
  return printYaml(object).trimEnd().split('\n');
}

/** As an element of a list. */
function itemLines(item: YamlValue): readonly string[] {
  return yamlLines({ list: [item] }).slice(1);
}

function keyText(key: string): string {
  return yamlLines({ [key]: null })
    .join('\n')
    .replace(/: null$/, '');
}
