import { isMap, type YamlMap, type YamlValue } from '../yaml/yaml-value.ts';
import { staysText } from './implicit-type.ts';
import { compareKeys } from './key-order.ts';
import { numberText } from './number-text.ts';
import { type ScalarShape, shapeOf } from './scalar-shape.ts';

/** Lines are folded at the first space after this column. */
const WIDTH = 80;
const INDENT = 2;
/** In bytes: longer keys are written as `? key`. */
const SIMPLE_KEY_MAX = 128;

/**
 * YAML to the byte as sigs.k8s.io/yaml prints it, for substitution works on that very text: where a line is folded or a
 * text is quoted decides what becomes of a reference in it.
 */
export function printYaml(object: YamlValue): string {
  const printer = new YamlPrinter();
  printer.document(object);
  return printer.text();
}

type Context = 'root' | 'item' | 'value' | 'simpleKey';

class YamlPrinter {
  #out = '';
  #column = 0;
  #indent = -1;
  /** The last thing written was white space, or counts as such. */
  #afterSpace = true;
  /** On this line is nothing yet but indentation and `-`, `?` and `:`. */
  #atIndentation = true;

  document(value: YamlValue): void {
    this.#node(value, 'root');
    this.#startLine();
  }

  text(): string {
    return this.#out;
  }

  #node(value: YamlValue, context: Context): void {
    if (typeof value === 'string') this.#string(value, context);
    else if (Array.isArray(value)) this.#list(value, context);
    else if (isMap(value)) this.#map(value);
    else this.#plainScalar(typeof value === 'number' || typeof value === 'bigint' ? numberText(value) : `${value}`);
  }

  #list(items: readonly YamlValue[], context: Context): void {
    if (items.length === 0) {
      this.#indicator('[]', { spaceBefore: true });
      return;
    }
    const outer = this.#indent;
    const isIndentless = context === 'value' && !this.#atIndentation;
    if (!isIndentless) this.#indent = this.#deeper();
    for (const item of items) {
      this.#startLine();
      this.#indicator('-', { spaceBefore: true, isIndentation: true });
      this.#node(item, 'item');
    }
    this.#indent = outer;
  }

  #map(map: YamlMap): void {
    const keys = Object.keys(map).toSorted(compareKeys);
    if (keys.length === 0) {
      this.#indicator('{}', { spaceBefore: true });
      return;
    }
    const outer = this.#indent;
    this.#indent = this.#deeper();
    for (const key of keys) {
      this.#startLine();
      this.#key(key);
      this.#node(map[key] ?? null, 'value');
    }
    this.#indent = outer;
  }

  #key(key: string): void {
    const isSimple = Buffer.byteLength(key) <= SIMPLE_KEY_MAX && !shapeOf(key).isMultiline;
    if (isSimple) {
      this.#node(key, 'simpleKey');
      this.#indicator(':');
      return;
    }
    this.#indicator('?', { spaceBefore: true, isIndentation: true });
    this.#node(key, 'value');
    this.#startLine();
    this.#indicator(':', { spaceBefore: true, isIndentation: true });
  }

  #string(text: string, context: Context): void {
    const outer = this.#indent;
    this.#indent = outer < 0 ? INDENT : outer + INDENT;
    const mayFold = context !== 'simpleKey';
    switch (styleOf(text, shapeOf(text), context)) {
      case 'plain':
        this.#folding(text, mayFold);
        break;
      case 'single':
        this.#singleQuoted(text, mayFold);
        break;
      case 'double':
        this.#doubleQuoted(text, mayFold);
        break;
      case 'literal':
        this.#literal(text);
        break;
    }
    this.#indent = outer;
  }

  #plainScalar(text: string): void {
    if (!this.#afterSpace) this.#put(' ');
    this.#put(text);
    this.#endScalar();
  }

  #folding(text: string, mayFold: boolean): void {
    if (!this.#afterSpace) this.#put(' ');
    this.#words(text, mayFold, (character) => this.#put(character));
    this.#endScalar();
  }

  #singleQuoted(text: string, mayFold: boolean): void {
    this.#indicator("'", { spaceBefore: true });
    this.#words(text, mayFold, (character) => this.#put(character === "'" ? "''" : character));
    this.#indicator("'");
    this.#endScalar();
  }

  /** Writes a text that needs no escapes, folded at single spaces within it. */
  #words(text: string, mayFold: boolean, write: (character: string) => void): void {
    let afterSpace = false;
    for (let at = 0; at < text.length; at++) {
      const character = text.charAt(at);
      const isInside = at > 0 && at < text.length - 1;
      if (character === ' ' && mayFold && !afterSpace && this.#column > WIDTH && isInside && text[at + 1] !== ' ') {
        this.#startLine();
      } else write(character);
      this.#atIndentation = false;
      afterSpace = character === ' ';
    }
  }

  #doubleQuoted(text: string, mayFold: boolean): void {
    this.#indicator('"', { spaceBefore: true });
    const characters = [...text];
    const escapesAll = characters[0] === '\ufeff'; // as Go's printer happens to do
    let afterSpace = false;
    for (const [at, character] of characters.entries()) {
      const isInside = at > 0 && at < characters.length - 1;
      if (escapesAll || NEEDS_ESCAPE.test(character)) {
        this.#put(escaped(character));
        afterSpace = false;
      } else if (character === ' ' && mayFold && !afterSpace && this.#column > WIDTH && isInside) {
        this.#startLine();
        if (characters[at + 1] === ' ') this.#put('\\');
        afterSpace = true;
      } else {
        this.#put(character);
        afterSpace = character === ' ';
      }
    }
    this.#indicator('"');
    this.#endScalar();
  }

  #literal(text: string): void {
    this.#indicator('|', { spaceBefore: true });
    if (text.startsWith(' ') || text.startsWith('\n')) this.#indicator(String(INDENT));
    const chomping = chompingOf(text);
    if (chomping !== '') this.#indicator(chomping);
    this.#break();
    this.#atIndentation = true;
    this.#afterSpace = true;
    for (const line of text.split(/(?<=\n)/)) {
      if (line !== '\n') {
        this.#startLine();
        this.#put(line.replace('\n', ''));
        this.#atIndentation = false;
      }
      if (line.endsWith('\n')) {
        this.#break();
        this.#atIndentation = true;
      }
    }
  }

  #deeper(): number {
    return this.#indent < 0 ? 0 : this.#indent + INDENT;
  }

  #startLine(): void {
    const indent = Math.max(this.#indent, 0);
    const isElsewhere = this.#column > indent || (this.#column === indent && !this.#afterSpace);
    if (!this.#atIndentation || isElsewhere) this.#break();
    if (this.#column < indent) this.#put(' '.repeat(indent - this.#column));
    this.#afterSpace = true;
    this.#atIndentation = true;
  }

  #indicator(text: string, { spaceBefore = false, isIndentation = false } = {}): void {
    if (spaceBefore && !this.#afterSpace) this.#put(' ');
    this.#put(text);
    this.#afterSpace = false;
    this.#atIndentation &&= isIndentation;
  }

  #endScalar(): void {
    this.#afterSpace = false;
    this.#atIndentation = false;
  }

  #put(text: string): void {
    this.#out += text;
    this.#column += text.length > 1 ? [...text].length : 1;
  }

  #break(): void {
    this.#out += '\n';
    this.#column = 0;
  }
}

type Style = 'plain' | 'single' | 'double' | 'literal';

function styleOf(text: string, shape: ScalarShape, context: Context): Style {
  if (text.includes('\n')) return shape.allowsBlock && context !== 'simpleKey' ? 'literal' : 'double';
  if (!staysText(text)) return 'double';
  if (shape.allowsPlain) return 'plain';
  return shape.allowsSingleQuoted ? 'single' : 'double';
}

/** How a literal block says that it ends in no line break, or in several. */
function chompingOf(text: string): '' | '-' | '+' {
  if (!text.endsWith('\n')) return '-';
  return text === '\n' || text.endsWith('\n\n') ? '+' : '';
}

const NEEDS_ESCAPE = /[^\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]|["\\]/u;

const shortEscapes: ReadonlyMap<string, string> = new Map([
  ['\0', '0'],
  ['\x07', 'a'],
  ['\b', 'b'],
  ['\t', 't'],
  ['\n', 'n'],
  ['\v', 'v'],
  ['\f', 'f'],
  ['\r', 'r'],
  ['\x1b', 'e'],
  ['"', '"'],
  ['\\', '\\'],
  ['\u0085', 'N'],
  ['\u00a0', '_'],
  ['\u2028', 'L'],
  ['\u2029', 'P'],
]);

function escaped(character: string): string {
  const short = shortEscapes.get(character);
  if (short !== undefined) return `\\${short}`;
  const code = character.codePointAt(0) ?? 0;
  const [letter, width] = code <= 0xff ? ['x', 2] : code <= 0xffff ? ['u', 4] : ['U', 8];
  return `\\${letter}${code.toString(16).toUpperCase().padStart(Number(width), '0')}`;
}

/** In double quotes, on one line. */
export function escapedText(text: string): string {
  const characters = Array.from(text, (character) => (NEEDS_ESCAPE.test(character) ? escaped(character) : character));
  return `"${characters.join('')}"`;
}
