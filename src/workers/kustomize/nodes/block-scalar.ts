/**
 * What is left of a block scalar when Go's YAML library has written it in the style it was read in and read it again,
 * as kustomize does with every object. Its writer of folded text puts one line break too many before a line that
 * begins with a blank, and after the last line of text that keeps its breaks. Undefined where it cannot be read again.
 */
export function rereadBlock(value: string, style: 'folded' | 'literal'): string | undefined {
  if (!isWrittenAsBlock(value)) return value;
  // Without a hint at its indentation, which only a space or a break calls for.
  if (value.startsWith('\t')) return undefined;
  return style === 'folded' ? folded(written(value)) : value;
}

/** Anything else is written between quotes, which changes nothing; what lies beyond the first plane counts as unprintable. */
function isWrittenAsBlock(value: string): boolean {
  return value !== '' && !/ (?:\n|$)|[^\P{Cc}\t\n]|[\ufeff\u{10000}-\u{10ffff}]/u.test(value);
}

/** The lines as they are written, and whether all breaks at the end are kept. */
interface Written {
  readonly lines: readonly string[];
  readonly keepsBreaks: boolean;
}

function written(value: string): Written {
  // The writer asks how the whole text goes on, where it means the line.
  const doublesBreaks = /^\n*[^\n \t]/.test(value);
  const lines = value.split('\n').flatMap((line, at, all) => {
    const isLast = at === all.length - 1;
    return doublesBreaks && !isLast && /^[^ \t]/.test(line) ? [line, ''] : [line];
  });
  return { lines, keepsBreaks: /^\n$|\n\n$/.test(value) };
}

/** Lines as a reader folds them: one break between two lines of text is a space, of several one is lost. */
function folded({ lines, keepsBreaks }: Written): string {
  let text = '';
  let breaks = 0;
  let wasText = false;
  for (const line of lines) {
    if (line === '') {
      breaks += 1;
      continue;
    }
    const isText = /^[^ \t]/.test(line);
    if (text !== '') breaks += 1;
    const folds = wasText && isText;
    text += folds && breaks === 1 ? ' ' : '\n'.repeat(folds ? breaks - 1 : breaks);
    text += line;
    breaks = 0;
    wasText = isText;
  }
  const atEnd = text === '' ? breaks - 1 : breaks;
  return text + '\n'.repeat(keepsBreaks ? atEnd : Math.min(atEnd, 1));
}
