/** TypeScript does not know it yet: a text that JSON.stringify puts down as it is. */
declare global {
  interface JSON {
    rawJSON(text: string): object;
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
