/** The document would be endless, or far larger than its text, with its aliases written out. */
export class ExpansionError extends Error {}

/**
 * A copy in which nothing is shared. Aliases let a small text stand for billions of nodes (or contain itself), so what
 * is written out counts against `budget.left`: one a node and one a character.
 */
export function expandAliases(value: unknown, budget: { left: number }, maxDepth: number): unknown {
  budget.left -= typeof value === 'string' ? 1 + value.length : 1;
  if (budget.left < 0) throw new ExpansionError('too large once its aliases are written out');
  if (typeof value !== 'object' || value === null) return value;
  if (maxDepth === 0) throw new ExpansionError('nested too deeply once its aliases are written out');
  if (Array.isArray(value)) return value.map((item) => expandAliases(item, budget, maxDepth - 1));
  const entries = Object.entries(value).map(([key, item]) => {
    budget.left -= key.length;
    return [key, expandAliases(item, budget, maxDepth - 1)];
  });
  return Object.fromEntries(entries); // defines, never assigns: a key `__proto__` stays a key
}
