import {
  constructFromEvents,
  defineMappingTag,
  defineScalarTag,
  defineSequenceTag,
  EVENT_ID,
  mergeTag,
  NOT_RESOLVED,
  Schema,
  strTag,
  YAMLException,
} from 'js-yaml';
import type { HeapRoom } from '../heap-room.ts';
import { manifestLimits } from '../protocol/limits.ts';
import { EndlessError, expandAliases } from '../yaml/expand-aliases.ts';
import { parseLeniently } from '../yaml/lenient-events.ts';
import { parseInteger } from '../yaml/number.ts';
import { parseCost } from '../yaml/parse-cost.ts';
import type { YamlValue } from '../yaml/yaml-value.ts';
import { implicitValue } from './implicit-type.ts';
import { singlePrecisionText } from './number-text.ts';

/** A substituted text that is no YAML any more. Never quotes it. */
export class SubstitutedYamlError extends Error {}

/**
 * Reads a text as sigs.k8s.io/yaml turns it into JSON: YAML 1.1's words and numbers, keys made strings, of a repeated
 * key the last. Numbers are doubles, as everything substituted passes through Go's JSON.
 */
export function readYaml(text: string, room: HeapRoom): YamlValue {
  const cost = parseCost(text);
  room.mustFit(cost.parsing);
  room.take(cost.kept);
  try {
    const { source, events } = parseLeniently(text, { left: manifestLimits.rereadCharacters });
    const first = settled(constructFromEvents(events, { source, schema, json: true })[0]);
    const hasAliases = events.some(({ type }) => type === EVENT_ID.ALIAS);
    return (hasAliases ? expandAliases(first, room, manifestLimits.depth) : first) as YamlValue;
  } catch (error) {
    if (error instanceof EndlessError) throw new SubstitutedYamlError(error.message);
    if (error instanceof YAMLException) throw new SubstitutedYamlError(withoutQuotes(error.reason));
    throw error;
  }
}

/** The parser names tags, anchors and aliases, which may be part of a value. */
function withoutQuotes(reason: string): string {
  return reason.replace(/ ["!<*&].*$/s, '');
}

const LIST = 'tag:yaml.org,2002:seq';
const MAP = 'tag:yaml.org,2002:map';
const neverDumped = () => false;

/** A number that Go holds as a float: as a key it is printed otherwise than a whole one. */
class Fraction {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

function isFraction(source: string): boolean {
  return parseInteger(source) === undefined;
}

const implicitTag = defineScalarTag<boolean | null | number | bigint | Fraction>('tag:yaml.org,2002:implicit', {
  implicit: true,
  resolve: (source) => {
    const value = implicitValue(source);
    if (value === undefined) return NOT_RESOLVED;
    return typeof value === 'number' && isFraction(source) ? new Fraction(value) : value;
  },
  identify: neverDumped,
});

/** `!!int 5` and the like: the text has to be of that type by itself. */
function explicitTag(name: string, fits: (value: unknown) => boolean) {
  return defineScalarTag<boolean | null | number | bigint>(`tag:yaml.org,2002:${name}`, {
    resolve: (source) => {
      const value = implicitValue(source);
      return value !== undefined && fits(value) ? value : NOT_RESOLVED;
    },
    identify: neverDumped,
  });
}

const isNumber = (value: unknown) => typeof value === 'number' || typeof value === 'bigint';
const isInteger = (value: unknown) => typeof value === 'bigint' || Number.isInteger(value);

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const binaryTag = defineScalarTag<string>('tag:yaml.org,2002:binary', {
  resolve: (source) => (BASE64.test(source) ? Buffer.from(source, 'base64').toString('utf8') : NOT_RESOLVED),
  identify: neverDumped,
});

/** Go ignores tags that it does not know. */
const unknownTags = ['!', 'tag:'].flatMap((prefix) => [
  defineScalarTag<string>(prefix, { matchByTagPrefix: true, resolve: (source) => source, identify: neverDumped }),
  listTag(prefix),
  mapTag(prefix),
]);

function listTag(name: string) {
  return defineSequenceTag<unknown[]>(name, {
    matchByTagPrefix: name !== LIST,
    create: () => [],
    addItem: (items, item) => {
      if (isNotFinite(item)) return NOT_FINITE;
      items.push(settled(item));
      return '';
    },
    identify: neverDumped,
  });
}

function mapTag(name: string) {
  return defineMappingTag<Record<string, unknown>>(name, {
    matchByTagPrefix: name !== MAP,
    create: () => ({}),
    addPair: (map, key, value) => {
      const text = keyText(key);
      if (text === undefined) return 'a mapping key is neither text nor a number nor a boolean';
      if (isNotFinite(value)) return NOT_FINITE;
      Object.defineProperty(map, text, { value: settled(value), enumerable: true, configurable: true, writable: true });
      return '';
    },
    has: (map, key) => Object.hasOwn(map, keyText(key) ?? ''),
    keys: (map) => Object.keys(map),
    get: (map, key) => map[String(key)],
    identify: neverDumped,
  });
}

const NOT_FINITE = 'infinity and not-a-number do not fit into JSON';

function isNotFinite(value: unknown): boolean {
  return value instanceof Fraction && !Number.isFinite(value.value);
}

function settled(value: unknown): unknown {
  if (value instanceof Fraction) return value.value;
  return typeof value === 'bigint' ? Number(value) : value;
}

function keyText(key: unknown): string | undefined {
  switch (typeof key) {
    case 'string':
      return key;
    case 'boolean':
    case 'number':
    case 'bigint':
      return String(key);
    default:
      return key instanceof Fraction ? singlePrecisionText(key.value) : undefined;
  }
}

const schema = new Schema([
  strTag,
  listTag(LIST),
  mapTag(MAP),
  implicitTag,
  explicitTag('null', (value) => value === null),
  explicitTag('bool', (value) => typeof value === 'boolean'),
  explicitTag('int', isInteger),
  explicitTag('float', isNumber),
  binaryTag,
  mergeTag,
  ...unknownTags,
]);
