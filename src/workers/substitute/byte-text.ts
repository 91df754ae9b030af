/**
 * Flux counts and cuts bytes, and so a character may be cut in two. A byte text is a string of UTF-8 bytes, a character
 * each: all of string's methods work on it, and it costs nothing where a text is ASCII.
 */
export type ByteText = string;

export function toBytes(text: string): ByteText {
  return isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

/** Bytes that are no UTF-8 become U+FFFD. */
export function fromBytes(bytes: ByteText): string {
  return isAscii(bytes) ? bytes : Buffer.from(bytes, 'latin1').toString('utf8');
}

/** Undefined when the bytes are no UTF-8. */
export function exactFromBytes(bytes: ByteText): string | undefined {
  if (isAscii(bytes)) return bytes;
  const text = fromBytes(bytes);
  return toBytes(text) === bytes ? text : undefined;
}

function isAscii(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
  return /^[\x00-\x7f]*$/.test(text);
}
