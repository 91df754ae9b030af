/** TypeScript does not know them yet: a text that JSON.stringify puts down as it is, and the text that a value was. */
declare global {
  interface JSON {
    rawJSON(text: string): object;
    parse(
      text: string,
      reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
    ): unknown;
  }
}

/** JSON in which an integer beyond 2^53 keeps its digits: it is a BigInt here. */
export function stringifyExact(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    // A replacer makes it several times slower, so only a value that holds a BigInt pays for one.
    if (!(error instanceof TypeError)) throw error;
    return JSON.stringify(value, (_key, item) => (typeof item === 'bigint' ? JSON.rawJSON(`${item}`) : item));
  }
}

/** Reads what `stringifyExact` wrote: an integer that a number would round comes back as a BigInt. */
export function parseExact(text: string): unknown {
  // Beyond 2^53 an integer has sixteen digits, and a reviver makes reading several times slower.
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && source !== undefined && /^-?\d+$/.test(source)
      ? BigInt(source)
      : value,
  );
}
