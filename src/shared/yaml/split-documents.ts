export interface DocumentText {
  readonly text: string;
  /** How many lines of the file are above it. */
  readonly linesAbove: number;
  /** After its `---` stands something that is no comment, as kustomize does not have it. */
  readonly separatorHasContent: boolean;
}

/** At each line that begins with `---`, as kustomize does before it parses. */
export function splitDocuments(file: string): readonly DocumentText[] {
  const text = file.replaceAll('\r\n', '\n');
  const documents: DocumentText[] = [];
  let start = 0;
  let linesAbove = 0;
  let separatorHasContent = false;
  for (const separator of text.matchAll(/\n---(.*)\n/g)) {
    const document = text.slice(start, separator.index);
    documents.push({ text: document, linesAbove, separatorHasContent });
    linesAbove += occurrences(document, '\n') + 2;
    start = separator.index + separator[0].length;
    separatorHasContent = /^\s*[^\s#]/.test(separator[1] ?? '');
  }
  documents.push({ text: text.slice(start), linesAbove, separatorHasContent });
  return documents;
}

/** What that puts on the heap, at most, in bytes. */
export function splitCost(file: string): number {
  return file.length * 8 + occurrences(file, '\n---') * 300 + occurrences(file, '\r\n') * 32;
}

function occurrences(text: string, part: string): number {
  let count = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) count++;
  return count;
}
