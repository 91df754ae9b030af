import {
  constructFromEvents,
  defineMappingTag,
  defineScalarTag,
  EVENT_ID,
  mergeTag,
  NOT_RESOLVED,
  nullCoreTag,
  Schema,
  seqTag,
  strTag,
  YAMLException,
} from 'js-yaml';
import type { HeapRoom } from '../../../shared/heap-room.ts';
import { manifestLimits } from '../../../shared/protocol/limits.ts';
import { expandAliases } from '../../../shared/yaml/expand-aliases.ts';
import { parseLeniently } from '../../../shared/yaml/lenient-events.ts';
import { parseFloatingPoint, parseInteger } from '../../../shared/yaml/number.ts';
import { parseCost } from '../../../shared/yaml/parse-cost.ts';
import { refuseUnknownEscapes } from '../../../shared/yaml/refuse-unknown-escapes.ts';
import type { YamlValue } from '../../../shared/yaml/yaml-value.ts';
import { NodeMap } from '../nodes/node.ts';
import { Problem } from '../problem.ts';

const DIGITS = [...'0123456789'];
const neverDumped = () => false;

const booleans = /^(?:y|Y|yes|Yes|YES|on|On|ON|true|True|TRUE)$|^(n|N|no|No|NO|off|Off|OFF|false|False|FALSE)$/;

const boolTag = defineScalarTag<boolean>('tag:yaml.org,2002:bool', {
  implicit: true,
  implicitFirstChars: [...'yYnNtTfFoO'],
  resolve: (source) => {
    const match = booleans.exec(source);
    return match === null ? NOT_RESOLVED : match[1] === undefined;
  },
  identify: neverDumped,
});

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

/** A key is what JSON makes of it; of several the last counts. */
const mapTag = defineMappingTag<NodeMap>('tag:yaml.org,2002:map', {
  create: () => new NodeMap(),
  addPair: (map, key, value) => {
    if (typeof key === 'object') return 'a mapping key is not a scalar';
    map[String(key)] = value as NodeMap[string];
    return '';
  },
  has: (map, key) => Object.hasOwn(map, String(key)),
  keys: (map) => Object.keys(map),
  get: (map, key) => map[String(key)],
  identify: neverDumped,
});

const schema = new Schema([strTag, seqTag, mapTag, nullCoreTag, boolTag, intTag, floatTag, mergeTag]);

/**
 * The first document of a text, as kustomize reads its own files and the bodies of JSON patches: YAML 1.1, where `y`,
 * `no` and `on` are truth values, a date is text, and a second document is not looked at. Texts of JSON may have escapes
 * that YAML has not.
 */
export function parseYaml11(text: string, room: HeapRoom, { isJson = false } = {}): YamlValue {
  const cost = parseCost(text);
  room.mustFit(cost.parsing);
  room.take(cost.kept);
  try {
    const { source, events } = parseLeniently(text, { left: manifestLimits.rereadCharacters });
    if (!isJson) refuseUnknownEscapes(source, events);
    const second = events.findIndex(({ type }, index) => index > 0 && type === EVENT_ID.DOCUMENT);
    const first = second < 0 ? events : events.slice(0, second);
    const value = constructFromEvents(first, { source, schema, json: true })[0] ?? null;
    const hasAliases = first.some(({ type }) => type === EVENT_ID.ALIAS);
    return (hasAliases ? expandAliases(value, room, manifestLimits.depth) : value) as YamlValue;
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const line = error.mark === null || error.mark === undefined ? '' : `line ${error.mark.line + 1}: `;
    throw new Problem('syntax', `${line}not valid YAML`);
  }
}
