/** What `make` promises, made once for each key however often it is asked for. */
export function remember<K, T>(keyOf: (of: K) => string, make: (of: K) => Promise<T>): (of: K) => Promise<T> {
  const made = new Map<string, Promise<T>>();
  return (of) => {
    const key = keyOf(of);
    const known = made.get(key) ?? make(of);
    made.set(key, known);
    return known;
  };
}
