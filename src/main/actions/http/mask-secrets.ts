/** Shorter runs than this occur anywhere. */
const RUN = 4;
/** What is compared takes time on the main thread. */
const MOST_SECRET_CHARACTERS = 4_096;
const MASK = '***';

/**
 * Covers whatever a text has in common with secrets, also when it repeats only a part of one or an encoded form: each
 * run of four or more characters, and each shorter part as a word. It rather covers too much. With very long secrets
 * nothing of the text is left.
 */
export function maskSecrets(text: string, secrets: readonly string[]): string {
  if (secrets.reduce((sum, { length }) => sum + length, 0) > MOST_SECRET_CHARACTERS) return MASK;
  const folded = fold(text);
  const covered = new Uint8Array(text.length);
  const parts = new Set(secrets.flatMap(formsOf).flatMap(partsOf).map(fold));
  coverRuns(folded, parts, covered);
  coverWords(folded, parts, covered);
  return withMasks(text, covered);
}

/** ASCII only, so that every character keeps its place. */
function fold(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** What JSON, forms and headers put between values. */
function partsOf(text: string): readonly string[] {
  return text.split(/[\s"'{}[\](),:;=&<>\\]+/).filter((part) => part !== '');
}

/** A secret, its parts, and what a server may turn each of them into. */
function formsOf(secret: string): readonly string[] {
  const parts = partsOf(secret);
  const plain = [...new Set([secret, ...parts, ...parts.flatMap(decoded)])];
  return plain.flatMap((text) => [
    text,
    ...[0, 1, 2].flatMap((shift) => base64At(text, shift)),
    Buffer.from(text).toString('hex'),
    encodeURIComponent(text.toWellFormed()),
    JSON.stringify(text).slice(1, -1),
  ]);
}

/** As `Basic` credentials are: a server may quote the password itself. */
function decoded(part: string): readonly string[] {
  const text = Buffer.from(part, 'base64').toString();
  return part.length < 8 || text.includes('\ufffd') ? [] : [text, ...partsOf(text)];
}

/** Base64 of something that begins `shift` bytes earlier: without the characters that depend on what stands there. */
function base64At(text: string, shift: number): readonly string[] {
  const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(text)]);
  const skipped = Math.ceil((shift * 8) / 6);
  return [bytes.toString('base64').slice(skipped), bytes.toString('base64url').slice(skipped)];
}

function coverRuns(text: string, parts: ReadonlySet<string>, covered: Uint8Array): void {
  const places = Map.groupBy(
    Array.from({ length: Math.max(0, text.length - RUN + 1) }, (_, at) => at),
    (at) => text.slice(at, at + RUN),
  );
  for (const part of parts) {
    for (let i = 0; i + RUN <= part.length; i += 1) {
      for (const at of places.get(part.slice(i, i + RUN)) ?? []) covered.fill(1, at, at + RUN);
    }
  }
}

function coverWords(text: string, parts: ReadonlySet<string>, covered: Uint8Array): void {
  for (const { 0: word, index } of text.matchAll(/[\p{L}\p{N}]+/gu)) {
    if (word.length < RUN && parts.has(word)) covered.fill(1, index, index + word.length);
  }
}

function withMasks(text: string, covered: Uint8Array): string {
  let shown = '';
  for (let at = 0; at < text.length; at += 1) {
    if (covered[at] === 0) shown += text[at];
    else if (at === 0 || covered[at - 1] === 0) shown += MASK;
  }
  return shown;
}
