import { type Event, parseEvents, YAMLException } from 'js-yaml';
import { manifestLimits } from '../protocol/limits.ts';

/** Offsets in the events are offsets in `source`. */
export interface ParsedText {
  readonly source: string;
  readonly events: Event[];
}

/** Further right than any block that a document within the depth limit can open. */
const FAR_RIGHT = ' '.repeat(2 * manifestLimits.depth);

/**
 * Go's parser lets the lines of a flow collection or of a quoted text stand as far left as they like, and manifests
 * do (`]` right below the key). This one wants them indented, and no tab between the items of a flow collection in a
 * list. Whitespace means nothing there, so what it stumbles over is put right and the text read again, as long as
 * `rereading.left` characters allow.
 */
export function parseLeniently(text: string, rereading: { left: number }): ParsedText {
  let source = text;
  for (;;) {
    try {
      return { source, events: parseEvents(source, { maxDepth: manifestLimits.depth }) };
    } catch (error) {
      const position = deficientAt(error);
      rereading.left -= position ?? 0;
      const mended = position === undefined || rereading.left < 0 ? undefined : mend(source, position);
      if (mended === undefined) throw error;
      source = mended;
    }
  }
}

function deficientAt(error: unknown): number | undefined {
  const isIt = error instanceof YAMLException && error.reason === 'deficient indentation';
  return isIt ? error.mark?.position : undefined;
}

/** Undefined when there is nothing to put right. */
function mend(source: string, position: number): string | undefined {
  const lineStart = source.lastIndexOf('\n', position - 1) + 1;
  const before = source.slice(lineStart, position);
  const gap = /[ \t]*$/.exec(before)?.[0] ?? '';
  // A line that also holds what came before the collection must stay where it is.
  if (gap === before) return source.slice(0, lineStart) + FAR_RIGHT + source.slice(lineStart);
  if (!gap.includes('\t')) return undefined;
  return source.slice(0, position - gap.length) + ' '.repeat(gap.length) + source.slice(position);
}
