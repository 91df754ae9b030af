/** Rows with a choice for each switch, such that any two choices of two switches meet in some row. */
export function everyPair<S extends string>(
  switches: Readonly<Record<S, readonly string[]>>,
): readonly Readonly<Record<S, string>>[] {
  const names = Object.keys(switches) as S[];
  const missing = new Set<string>();
  for (const [i, a] of names.entries()) {
    for (const b of names.slice(i + 1)) {
      for (const x of switches[a]) for (const y of switches[b]) missing.add(pair(a, x, b, y));
    }
  }
  const rows: Readonly<Record<S, string>>[] = [];
  while (missing.size > 0) {
    const [seed = ''] = missing;
    const [a, x, b, y] = JSON.parse(seed) as [S, string, S, string];
    const row = { [a]: x, [b]: y } as Partial<Record<S, string>>;
    for (const name of names) row[name] ??= mostNew(name, row);
    const whole = row as Record<S, string>;
    for (const met of pairsOf(whole)) missing.delete(met);
    rows.push(whole);
  }
  return rows;

  function mostNew(name: S, row: Partial<Record<S, string>>): string {
    const gain = (choice: string) => pairsOf({ ...row, [name]: choice }).filter((met) => missing.has(met)).length;
    const [best = ''] = switches[name].toSorted((a, b) => gain(b) - gain(a));
    return best;
  }

  function pairsOf(row: Partial<Record<S, string>>): readonly string[] {
    const set = names.filter((name) => row[name] !== undefined);
    return set.flatMap((a, i) => set.slice(i + 1).map((b) => pair(a, row[a] ?? '', b, row[b] ?? '')));
  }
}

function pair(a: string, x: string, b: string, y: string): string {
  return JSON.stringify([a, x, b, y]);
}
