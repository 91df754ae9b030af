import { constructFromEvents, EVENT_ID, YAMLException } from 'js-yaml';
import { manifestLimits } from '../protocol/limits.ts';
import { ExpansionError, expandAliases } from './expand-aliases.ts';
import { parseLeniently } from './lenient-events.ts';
import { resourceSchema } from './resource-schema.ts';
import { type DocumentText, splitDocuments } from './split-documents.ts';
import type { YamlValue } from './yaml-value.ts';

/** Where and why a text is no YAML. Never quotes the text: it may be a Secret's. */
export class YamlError extends Error {
  constructor(reason: string, line?: number) {
    super(line === undefined ? reason : `line ${line}: ${reason}`);
    this.name = 'YamlError';
  }
}

interface Allowance {
  readonly expansion: { left: number };
  readonly rereading: { left: number };
}

/** Every document of a resource file, in order; an empty one is null. Nothing in the result is shared. */
export function parseResources(file: string): readonly YamlValue[] {
  const allowance: Allowance = {
    expansion: { left: manifestLimits.expandedSize },
    rereading: { left: manifestLimits.rereadCharacters },
  };
  return splitDocuments(file).flatMap((document) => parseDocument(document, allowance));
}

function parseDocument(document: DocumentText, allowance: Allowance): readonly YamlValue[] {
  if (document.separatorHasContent) {
    throw new YamlError('a document separator is followed by something else', document.linesAbove);
  }
  try {
    const { source, events } = parseLeniently(document.text, allowance.rereading);
    const values = constructFromEvents(events, { source, schema: resourceSchema });
    const hasAliases = events.some(({ type }) => type === EVENT_ID.ALIAS);
    const unshared = hasAliases
      ? values.map((value) => expandAliases(value, allowance.expansion, manifestLimits.depth))
      : values;
    return (unshared.length === 0 ? [null] : unshared.map((value) => value ?? null)) as YamlValue[];
  } catch (error) {
    throw error instanceof YAMLException || error instanceof ExpansionError
      ? asYamlError(error, document.linesAbove)
      : error;
  }
}

function asYamlError(error: YAMLException | ExpansionError, linesAbove: number): YamlError {
  if (error instanceof ExpansionError) return new YamlError(error.message);
  const { reason, mark } = error;
  return new YamlError(withoutQuotes(reason), mark && linesAbove + mark.line + 1);
}

/** The parser names tags, anchors and aliases; a password that begins with `!`, `&` or `*` reads as one. */
function withoutQuotes(reason: string): string {
  return reason.replace(/!<.*>/s, '').replace(/".*"/s, '').replace(/: .*/s, '').replaceAll(/ {2,}/g, ' ').trim();
}
