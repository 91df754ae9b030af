/** A text with `${…}` in it, taken apart. */
export type Template = readonly TemplatePart[];

export type TemplatePart = string | Reference;

export interface Reference {
  readonly name: string;
  /** As written: `:-`, `//`, `^^`…; undefined for a plain `${name}`. */
  readonly operator: string | undefined;
  readonly words: readonly TemplatePart[];
}

/** The text is no template that Flux reads. The message quotes variable names only: the rest may be a Secret's. */
export class TemplateError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TemplateError';
  }
}

/** References within references; nothing sensible comes near. */
const MAX_DEPTH = 100;

/** Flux's grammar: looser than a shell's in some places, narrower in others, and a text that does not fit it fails. */
export function parseTemplate(text: string): Template {
  return new TemplateReader(text).template();
}

class TemplateReader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  template(): Template {
    const parts: TemplatePart[] = [];
    while (this.#at < this.#text.length) {
      parts.push(this.#atReference() ? this.#reference() : this.#wordUntil('', { escapes: '$' }));
    }
    return parts;
  }

  #reference(): Reference {
    if (++this.#depth > MAX_DEPTH) throw new TemplateError(`references are nested more than ${MAX_DEPTH} deep`);
    this.#at += 2;
    const reference = this.#take(/#/y) === undefined ? this.#named(this.#name()) : this.#length();
    if (this.#take(/\}/y) === undefined) throw this.#unreadable(reference.name);
    this.#depth--;
    return reference;
  }

  #length(): Reference {
    return { name: this.#name(), operator: '#', words: [] };
  }

  #named(name: string): Reference {
    switch (this.#text[this.#at]) {
      case ':':
        return this.#defaultOr(name, () => this.#substring(name));
      case '=':
        return this.#default(name, /=/y);
      case ',':
      case '^':
        return { name, operator: this.#take(/[,^]{1,2}/y), words: [] };
      case '/':
        return this.#replacement(name);
      case '#':
      case '%':
        return { name, operator: this.#take(/##?|%%?/y), words: [this.#word('}')] };
      default:
        return { name, operator: undefined, words: [] };
    }
  }

  #defaultOr(name: string, other: () => Reference): Reference {
    return '=-?+'.includes(this.#text[this.#at + 1] ?? ' ') ? this.#default(name, /:[=\-?+]/y) : other();
  }

  #default(name: string, operator: RegExp): Reference {
    const taken = this.#take(operator);
    const words: TemplatePart[] = [];
    while (this.#text[this.#at] !== '}') words.push(this.#word('}'));
    return { name, operator: taken, words };
  }

  #substring(name: string): Reference {
    this.#take(/:/y);
    // Flux loses its place before a character of several bytes here.
    if (this.#text.charCodeAt(this.#at) > 0x7f) throw this.#unreadable(name);
    const offset = this.#word(':}');
    const words = this.#take(/:+/y) === undefined ? [offset] : [offset, this.#word('}')];
    return { name, operator: ':', words };
  }

  #replacement(name: string): Reference {
    const operator = this.#take(/\/[/#%]?/y);
    const pattern = this.#word('/', { escapes: '$\\' });
    if (this.#take(/\/+/y) === undefined) throw this.#unreadable(name);
    const words = this.#text[this.#at] === '}' ? [pattern] : [pattern, this.#word('}', { escapes: '$\\' })];
    return { name, operator, words };
  }

  /** A nested reference, or text up to one or to a character that ends it; never nothing. */
  #word(ends: string, options?: { readonly escapes: string }): TemplatePart {
    if (this.#atReference()) return this.#reference();
    const word = this.#wordUntil(ends, options);
    if (word === '') throw this.#unreadable();
    return word;
  }

  #wordUntil(ends: string, { escapes }: { readonly escapes: string } = { escapes: '' }): string {
    const { length } = this.#text;
    let word = '';
    let start = this.#at;
    for (; this.#at < length && !this.#atReference(); this.#at++) {
      const character = this.#text.charAt(this.#at);
      if (escapes.includes(character) && this.#isEscape(character)) {
        word += this.#text.slice(start, this.#at);
        start = ++this.#at;
      } else if (ends.includes(character)) break;
    }
    return word + this.#text.slice(start, this.#at);
  }

  /** `$$` stands for `$`; in a replacement `\/` and `\\` stand for what follows the backslash. */
  #isEscape(character: string): boolean {
    const next = this.#text[this.#at + 1];
    return character === '$' ? next === '$' : next === '/' || next === '\\';
  }

  #atReference(): boolean {
    return this.#text[this.#at] === '$' && this.#text[this.#at + 1] === '{';
  }

  #name(): string {
    const name = this.#take(/[\p{L}\p{Nd}_]+/uy);
    if (name === undefined) throw new TemplateError('a ${ is followed by no variable name');
    return name;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const taken = pattern.exec(this.#text)?.[0];
    this.#at += taken?.length ?? 0;
    return taken;
  }

  #unreadable(name?: string): TemplateError {
    if (name === undefined) return new TemplateError('an operator lacks what belongs to it, or a } is missing');
    return new TemplateError(`what follows \${${name} is no operator that Flux knows, or its } is missing`);
  }
}
