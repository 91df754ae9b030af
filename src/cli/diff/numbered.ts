import { MASK, type MaskOf } from '../../shared/objects/mask.ts';

/** `*** (1)`, `*** (2)`, …: the same secret under the same number, for as long as this lives, and nothing more about it. */
export function numbered(): MaskOf {
  const numbers = new Map<string, number>();
  return (secret) => {
    const text = typeof secret === 'bigint' ? String(secret) : JSON.stringify(secret);
    const number = numbers.get(text) ?? numbers.size + 1;
    numbers.set(text, number);
    return `${MASK} (${number})`;
  };
}
