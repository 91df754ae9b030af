/** What stands at one place of two sequences laid beside each other; one side is absent where only the other has it. */
export type Pair<T> = { readonly from: T; readonly to: T } | { readonly from: T } | { readonly to: T };

/** Above this, what lies between the common beginning and end counts as replaced as a whole. */
const MOST_CELLS = 4_000_000;

/** Lays two sequences beside each other so that as many as possible are the same; what went stands before what came. */
export function align<T>(from: readonly T[], to: readonly T[], keyOf: (item: T) => string): readonly Pair<T>[] {
  const fromKeys = from.map(keyOf);
  const toKeys = to.map(keyOf);
  const shorter = Math.min(from.length, to.length);
  let head = 0;
  while (head < shorter && fromKeys[head] === toKeys[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && fromKeys.at(-1 - tail) === toKeys.at(-1 - tail)) tail += 1;

  const common = longestCommon(fromKeys.slice(head, from.length - tail), toKeys.slice(head, to.length - tail));
  const meetings: readonly Meeting[] = [
    ...Array.from({ length: head }, (_, i): Meeting => [i, i]),
    ...common.map(([i, j]): Meeting => [head + i, head + j]),
    ...Array.from({ length: tail }, (_, i): Meeting => [from.length - tail + i, to.length - tail + i]),
  ];
  const pairs: Pair<T>[] = [];
  let [i, j] = [0, 0];
  for (const [nextI, nextJ] of [...meetings, [from.length, to.length] as const]) {
    pairs.push(...from.slice(i, nextI).map((item) => ({ from: item })));
    pairs.push(...to.slice(j, nextJ).map((item) => ({ to: item })));
    const [before, after] = [from[nextI], to[nextJ]];
    if (nextI < from.length && nextJ < to.length) pairs.push({ from: before as T, to: after as T });
    [i, j] = [nextI + 1, nextJ + 1];
  }
  return pairs;
}

/** Where the same stands: in the one, in the other. */
type Meeting = readonly [number, number];

function longestCommon(a: readonly string[], b: readonly string[]): readonly Meeting[] {
  if (a.length * b.length > MOST_CELLS) return [];
  const width = b.length + 1;
  // How much is common from here to the end.
  const lengths = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number) => lengths[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const meetings: Meeting[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      meetings.push([i, j]);
      i += 1;
      j += 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return meetings;
}
