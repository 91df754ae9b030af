import { SopsError } from '../sops-error.ts';
import { type TreeItem, TreeMap, type TreeValue } from '../tree.ts';

const MAX_DEPTH = 256;
const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/** JSON with its order, repeated keys and whole numbers kept: JSON.parse sorts keys that look like numbers first. */
export function parseJson(text: string): TreeValue {
  try {
    JSON.parse(text);
  } catch {
    throw new SopsError('it is not valid JSON');
  }
  return new JsonReader(text).value(0);
}

/** Reads what is known to be JSON. */
class JsonReader {
  readonly #text: string;
  readonly #token = /"(?:[^"\\]|\\.)*"|[[\]{}:,]|[^\s[\]{}:,"]+/g;
  #ahead: string;

  constructor(text: string) {
    this.#text = text;
    this.#ahead = this.#read();
  }

  value(depth: number): TreeValue {
    if (depth > MAX_DEPTH) throw new SopsError('it is nested too deeply');
    const token = this.#next();
    if (token === '{') return this.#map(depth + 1);
    if (token === '[') return this.#list(depth + 1);
    return token === 'null' || token === 'true' || token === 'false' || token.startsWith('"')
      ? (JSON.parse(token) as string | boolean | null)
      : numberOf(token);
  }

  #map(depth: number): TreeMap {
    const items: TreeItem[] = [];
    while (this.#ahead !== '}') {
      const key = JSON.parse(this.#next()) as string;
      this.#next(); // the colon
      items.push({ key, value: this.value(depth) });
      if (this.#ahead === ',') this.#next();
    }
    this.#next();
    return new TreeMap(items);
  }

  #list(depth: number): readonly TreeValue[] {
    const items: TreeValue[] = [];
    while (this.#ahead !== ']') {
      items.push(this.value(depth));
      if (this.#ahead === ',') this.#next();
    }
    this.#next();
    return items;
  }

  #next(): string {
    const token = this.#ahead;
    this.#ahead = this.#read();
    return token;
  }

  #read(): string {
    return this.#token.exec(this.#text)?.[0] ?? '';
  }
}

/** A whole number as it is written, within 64 bits. */
function numberOf(text: string): bigint | number {
  if (!/^-?\d{1,19}$/.test(text)) return Number(text);
  const whole = BigInt(text);
  return whole >= INT64_MIN && whole <= INT64_MAX ? whole : Number(text);
}
