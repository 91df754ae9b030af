import { Problem } from '../problem.ts';

/** Whether labels (or annotations) are what a selector such as `app in (web, db), !canary` asks for. */
export type LabelSelector = (labels: ReadonlyMap<string, string>) => boolean;

const everything: LabelSelector = () => true;

export function parseLabelSelector(text: string): LabelSelector {
  if (text === '') return everything;
  const reader = new TokenReader(tokensOf(text));
  const requirements: LabelSelector[] = [];
  while (!reader.isAtEnd) {
    requirements.push(requirement(reader));
    if (reader.isAtEnd) break;
    if (reader.next() !== ',') throw unreadable('a comma');
    const following = reader.peek;
    if (following === undefined || (isSymbol(following) && following !== '!')) throw unreadable('a key after a comma');
  }
  return (labels) => requirements.every((each) => each(labels));
}

function requirement(reader: TokenReader): LabelSelector {
  const isNegated = reader.peek === '!';
  if (isNegated) reader.next();
  const key = reader.next();
  if (key === undefined || isSymbol(key) || !isQualifiedName(key)) throw unreadable('a key');
  if (reader.isAtEnd || reader.peek === ',') {
    return isNegated ? (labels) => !labels.has(key) : (labels) => labels.has(key);
  }
  const operator = reader.next() ?? '';
  if (isNegated) throw unreadable('nothing after !key');
  switch (operator) {
    case '=':
    case '==': {
      const value = singleValue(reader);
      return (labels) => labels.get(key) === value;
    }
    case '!=': {
      const value = singleValue(reader);
      return (labels) => labels.get(key) !== value;
    }
    case 'in': {
      const values = listOfValues(reader);
      return (labels) => values.has(labels.get(key) ?? MISSING);
    }
    case 'notin': {
      const values = listOfValues(reader);
      return (labels) => !values.has(labels.get(key) ?? MISSING);
    }
    case '>':
    case '<': {
      const bound = integerOf(singleValue(reader));
      if (bound === undefined) throw unreadable('a whole number');
      return (labels) => {
        const value = integerOf(labels.get(key) ?? '');
        return value !== undefined && (operator === '>' ? value > bound : value < bound);
      };
    }
    default:
      throw unreadable('an operator');
  }
}

/** No label has it as its value. */
const MISSING = '\0';

function singleValue(reader: TokenReader): string {
  if (reader.isAtEnd || reader.peek === ',') return '';
  return labelValue(reader.next() ?? '');
}

function listOfValues(reader: TokenReader): ReadonlySet<string> {
  if (reader.next() !== '(') throw unreadable('an opening parenthesis');
  const values = new Set<string>();
  let isEmpty = true;
  for (;;) {
    const token = reader.next();
    if (token === undefined) throw unreadable('a closing parenthesis');
    if (token === ')' || token === ',') {
      if (isEmpty) values.add('');
      if (token === ')') return values;
      isEmpty = true;
    } else {
      if (!isEmpty) throw unreadable('a comma between values');
      values.add(labelValue(token));
      isEmpty = false;
    }
  }
}

function labelValue(token: string): string {
  if (isSymbol(token) || !/^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/.test(token)) {
    throw unreadable('a label value');
  }
  return token;
}

function isQualifiedName(key: string): boolean {
  const [name = '', prefix, ...more] = key.split('/').toReversed();
  if (more.length > 0 || (prefix !== undefined && !isSubdomain(prefix))) return false;
  return /^[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/.test(name);
}

function isSubdomain(text: string): boolean {
  return text.length <= 253 && text.split('.').every((part) => /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/.test(part));
}

function integerOf(text: string): bigint | undefined {
  return /^[-+]?\d+$/.test(text) ? BigInt(text.replace('+', '')) : undefined;
}

function tokensOf(text: string): readonly string[] {
  return text.match(/==|!=|[=!(),<>]|[^\s=!(),<>]+/g) ?? [];
}

function isSymbol(token: string): boolean {
  return /^[=!(),<>]/.test(token);
}

function unreadable(expected: string): Problem {
  return new Problem('configuration', `a label or annotation selector lacks ${expected}`);
}

class TokenReader {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  get peek(): string | undefined {
    return this.#tokens[this.#at];
  }

  next(): string | undefined {
    return this.#tokens[this.#at++];
  }
}
