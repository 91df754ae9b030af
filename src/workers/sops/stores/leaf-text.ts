import { shortestText } from '../../../shared/go-yaml/number-text.ts';
import { Comment, type Leaf, Timestamp } from '../tree.ts';

/** A value where a format has no types. */
export function leafText(value: Leaf | null): string {
  if (value === null) return 'null';
  if (value instanceof Timestamp || value instanceof Comment) return value.text;
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  if (typeof value !== 'number') return String(value);
  const text = shortestText(value).toUpperCase();
  return /[.E]/.test(text) ? text : `${text}.0`;
}
