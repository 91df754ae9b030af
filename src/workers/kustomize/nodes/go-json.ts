import { compareBytes } from '../../../shared/protocol/file-map.ts';
import type { YamlValue } from '../../../shared/yaml/yaml-value.ts';
import { yamlValueOf } from './finish.ts';
import { goFloatText, plainFloatText } from './go-float.ts';
import type { Node } from './node.ts';

interface Style {
  readonly layout?: 'compact' | 'pretty';
  /** Go holds what it read as YAML in integers, and what it read as JSON in 64 bit floats. */
  readonly integers?: 'exact' | 'rounded';
}

/** JSON as Go writes it: keys in the order of their bytes, `<`, `>` and `&` escaped. */
export function goJson(
  value: Node | Readonly<Record<string, Node>>,
  { layout = 'compact', integers = 'rounded' }: Style = {},
): string {
  return json(yamlValueOf(value as Node), layout === 'pretty' ? '\n' : '', integers);
}

/** `lineBreak` is what begins a line at this depth; '' for one line in all. */
function json(value: YamlValue, lineBreak: string, integers: 'exact' | 'rounded'): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return goString(value);
  if (typeof value === 'bigint' && integers === 'exact') return String(value);
  if (typeof value === 'number' || typeof value === 'bigint') return goNumber(Number(value));
  const deeper = lineBreak === '' ? '' : `${lineBreak}  `;
  if (Array.isArray(value)) {
    return enclosed(
      '[',
      value.map((item: YamlValue) => json(item, deeper, integers)),
      ']',
      lineBreak,
    );
  }
  const colon = lineBreak === '' ? ':' : ': ';
  const entries = Object.entries(value).toSorted(([a], [b]) => compareBytes(a, b));
  return enclosed(
    '{',
    entries.map(([key, item]) => `${goString(key)}${colon}${json(item, deeper, integers)}`),
    '}',
    lineBreak,
  );
}

function enclosed(open: string, parts: readonly string[], close: string, lineBreak: string): string {
  if (parts.length === 0) return open + close;
  const deeper = lineBreak === '' ? '' : `${lineBreak}  `;
  return `${open}${deeper}${parts.join(`,${deeper}`)}${lineBreak}${close}`;
}

export function goString(text: string): string {
  return JSON.stringify(text.toWellFormed()).replace(/[<>&\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

export function goNumber(value: number): string {
  const size = Math.abs(value);
  if (value === 0 || (size >= 1e-6 && size < 1e21)) return plainFloatText(value);
  return goFloatText(value, 0).replace(/e-0(\d)$/, 'e-$1');
}
