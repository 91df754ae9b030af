import {
  boolCoreTag,
  defineMappingTag,
  defineScalarTag,
  defineSequenceTag,
  mergeTag,
  NOT_RESOLVED,
  nullCoreTag,
  Schema,
  strTag,
} from 'js-yaml';
import { parseFloatingPoint, parseInteger } from './number.ts';
import { parseTimestamp, Timestamp } from './timestamp.ts';

const DIGITS = [...'0123456789'];
const neverDumped = () => false;

const intTag = defineScalarTag<number | bigint>('tag:yaml.org,2002:int', {
  implicit: true,
  implicitFirstChars: ['-', '+', ...DIGITS],
  resolve: (source) => parseInteger(source) ?? NOT_RESOLVED,
  identify: neverDumped,
});

const floatTag = defineScalarTag<number>('tag:yaml.org,2002:float', {
  implicit: true,
  implicitFirstChars: ['-', '+', '.', ...DIGITS],
  resolve: (source) => parseFloatingPoint(source) ?? NOT_RESOLVED,
  identify: neverDumped,
});

const timestampTag = defineScalarTag<Timestamp>('tag:yaml.org,2002:timestamp', {
  implicit: true,
  implicitFirstChars: DIGITS,
  resolve: (source) => parseTimestamp(source) ?? NOT_RESOLVED,
  identify: neverDumped,
});

const seqTag = defineSequenceTag<unknown[]>('tag:yaml.org,2002:seq', {
  create: () => [],
  addItem: (items, item) => {
    if (isNotFinite(item)) return NOT_FINITE;
    items.push(settled(item));
    return '';
  },
  identify: neverDumped,
});

const mapTag = defineMappingTag<Record<string, unknown>>('tag:yaml.org,2002:map', {
  create: () => ({}),
  addPair: (map, key, value) => {
    if (typeof key !== 'string') return 'a mapping key is not a string';
    if (isNotFinite(value)) return NOT_FINITE;
    if (key === '__proto__') defineOwn(map, key, settled(value));
    else map[key] = settled(value);
    return '';
  },
  has: (map, key) => typeof key === 'string' && Object.hasOwn(map, key),
  keys: (map) => Object.keys(map),
  get: (map, key) => map[String(key)],
  identify: neverDumped,
});

/**
 * YAML as Go reads Kubernetes resources: 1.2's booleans (`yes`, `no`, `on`, `off`, `y`, `n` stay text), 1.1's octals,
 * dates as timestamps, exact integers up to 64 bits; keys are strings and every number is finite, for JSON's sake.
 */
export const resourceSchema = new Schema([
  strTag,
  seqTag,
  mapTag,
  nullCoreTag,
  boolCoreTag,
  timestampTag,
  intTag,
  floatTag,
  mergeTag,
]);

const NOT_FINITE = 'infinity and not-a-number do not fit into JSON';

function isNotFinite(value: unknown): boolean {
  return typeof value === 'number' && !Number.isFinite(value);
}

/** A date is text as a value, but no key: so it becomes text only here. */
function settled(value: unknown): unknown {
  return value instanceof Timestamp ? value.text : value;
}

/** Assigning to `__proto__` would set the prototype instead. */
function defineOwn(map: object, key: string, value: unknown): void {
  Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
}
