const MOST = 3;

/** Those that may have been meant: a few letters differ, or one holds the other. The nearest comes first. */
export function nearNames(wanted: string, names: readonly string[]): readonly string[] {
  const bound = Math.max(1, Math.floor(wanted.length / 3));
  return names
    .map((name) => ({ name, far: isPartOf(wanted, name) ? 0.5 : distance(wanted, name) }))
    .filter(({ far }) => far <= bound)
    .toSorted((a, b) => a.far - b.far || (a.name < b.name ? -1 : 1))
    .slice(0, MOST)
    .map(({ name }) => name);
}

function isPartOf(a: string, b: string): boolean {
  return Math.min(a.length, b.length) >= 3 && (a.includes(b) || b.includes(a));
}

/** Levenshtein's: how many letters to insert, take out or change. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 0; i < a.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j += 1) {
      const changed = (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1);
      next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
