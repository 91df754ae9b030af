import { constructFromEvents, EVENT_ID, YAMLException } from 'js-yaml';
import type { HeapRoom } from '../heap-room.ts';
import { manifestLimits } from '../protocol/limits.ts';
import { EndlessError, expandAliases } from './expand-aliases.ts';
import { parseLeniently } from './lenient-events.ts';
import { parseCost } from './parse-cost.ts';
import { resourceSchema } from './resource-schema.ts';
import { type DocumentText, splitCost, splitDocuments } from './split-documents.ts';
import type { YamlValue } from './yaml-value.ts';

/** Where and why a text is no YAML. Never quotes the text: it may be a Secret's. */
export class YamlError extends Error {
  constructor(reason: string, line?: number) {
    super(line === undefined ? reason : `line ${line}: ${reason}`);
    this.name = 'YamlError';
  }
}

/** Every document of a resource file, in order; an empty one is null. Nothing in the result is shared. */
export function parseResources(file: string, room: HeapRoom): readonly YamlValue[] {
  room.mustFit(splitCost(file));
  const rereading = { left: manifestLimits.rereadCharacters };
  return splitDocuments(file).flatMap((document) => parseDocument(document, room, rereading));
}

function parseDocument(document: DocumentText, room: HeapRoom, rereading: { left: number }): readonly YamlValue[] {
  const { text, linesAbove, separatorHasContent } = document;
  if (separatorHasContent) throw new YamlError('a document separator is followed by something else', linesAbove);
  const cost = parseCost(text);
  room.mustFit(cost.parsing);
  room.take(cost.kept);
  try {
    const { source, events } = parseLeniently(text, rereading);
    const values = constructFromEvents(events, { source, schema: resourceSchema });
    const hasAliases = events.some(({ type }) => type === EVENT_ID.ALIAS);
    const unshared = hasAliases ? values.map((value) => expandAliases(value, room, manifestLimits.depth)) : values;
    return (unshared.length === 0 ? [null] : unshared.map((value) => value ?? null)) as YamlValue[];
  } catch (error) {
    if (error instanceof EndlessError) throw new YamlError(error.message);
    if (!(error instanceof YAMLException)) throw error;
    throw new YamlError(withoutQuotes(error.reason), error.mark && linesAbove + error.mark.line + 1);
  }
}

/** The parser names tags, anchors and aliases; a password that begins with `!`, `&` or `*` reads as one. */
function withoutQuotes(reason: string): string {
  return reason.replace(/!<.*>/s, '').replace(/".*"/s, '').replace(/: .*/s, '').replaceAll(/ {2,}/g, ' ').trim();
}
