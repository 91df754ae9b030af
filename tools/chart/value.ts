import type { Flag } from '../../src/main/flags/flag.ts';
import { defaultOf } from '../../src/main/flags/help.ts';
import { flags } from '../../src/main/flags/table.ts';

export type Schema = Readonly<Record<string, unknown>>;
export type FlagKey = keyof typeof flags;

/** One value of the chart. */
export interface Leaf {
  readonly says: string;
  readonly fallback: unknown;
  readonly schema: Schema;
  /** The flag that it sets. */
  readonly flag?: FlagKey;
}

export interface Group {
  readonly says?: string;
  readonly values: Values;
}

export type Values = Readonly<Record<string, Leaf | Group>>;

export function isGroup(value: Leaf | Group): value is Group {
  return 'values' in value;
}

/** Every leaf with its path, such as `controller.workers`. */
export function leavesOf(values: Values, above = ''): readonly (readonly [path: string, leaf: Leaf])[] {
  return Object.entries(values).flatMap(([key, value]) =>
    isGroup(value) ? leavesOf(value.values, `${above}${key}.`) : [[`${above}${key}`, value] as const],
  );
}

/** Words, type and default of a flag, which may be the chart's own. */
export function fromFlag(flag: FlagKey, own: Partial<Pick<Leaf, 'says' | 'fallback' | 'schema'>> = {}): Leaf {
  const declared: Flag<unknown> = flags[flag];
  return { says: declared.help, fallback: fallbackOf(declared), schema: schemaOf(declared), flag, ...own };
}

function fallbackOf(flag: Flag<unknown>): unknown {
  if (isList(flag)) return [];
  if (isCount(flag) && typeof flag.fallback === 'number') return flag.fallback;
  if (flag.value === undefined) return flag.fallback;
  // What stands where a wish is absent depends on other flags.
  return flag.fallback === undefined ? '' : defaultOf(flag);
}

function schemaOf(flag: Flag<unknown>): Schema {
  if (isList(flag)) return listOf(someText);
  if (isCount(flag)) return countSchema(flag);
  if (flag.value === undefined) return truth;
  if (flag.value === 'DURATION') return duration;
  if (flag.value === 'BYTES') return bytes;
  if (!/^[a-z0-9|-]+$/.test(flag.value) || !flag.value.includes('|')) return text;
  const choices = flag.value.split('|');
  return { type: 'string', enum: flag.fallback === undefined ? ['', ...choices] : choices };
}

function countSchema({ range, value }: Flag<unknown>): Schema {
  const count = { type: 'integer', minimum: range?.min, maximum: range?.max };
  return value === 'N' ? count : { anyOf: [{ const: 'auto' }, count] };
}

function isCount({ range }: Flag<unknown>): boolean {
  return range !== undefined;
}

export function isList({ fallback }: Flag<unknown>): boolean {
  return Array.isArray(fallback);
}

export const text: Schema = { type: 'string' };
export const someText: Schema = { type: 'string', minLength: 1 };
/** Of an object, or none. */
export const nameOrNone: Schema = { type: 'string', maxLength: 253, pattern: '^([a-z0-9]([-a-z0-9.]*[a-z0-9])?)?$' };
/** A name without dots, or none. What is too long is cut. */
export const labelOrNone: Schema = { type: 'string', pattern: '^([a-z0-9]([-a-z0-9]*[a-z0-9])?)?$' };
export const truth: Schema = { type: 'boolean' };
export const port: Schema = { type: 'integer', minimum: 1, maximum: 65_535 };
export const duration: Schema = { type: 'string', pattern: '^([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$' };
export const bytes: Schema = { type: ['string', 'integer'], pattern: '^[0-9]{1,12}(Ki|Mi|Gi|K|M|G)?$', minimum: 0 };
export const quantity: Schema = {
  type: ['string', 'number'],
  pattern: '^([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][0-9]+|[numkMGTPE]|[KMGTPE]i)?$',
  minimum: 0,
};
/** As Prometheus writes it: no fractions, and days and weeks too. */
export const promDuration: Schema = {
  type: 'string',
  minLength: 1,
  pattern: '^(0|([0-9]+y)?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?)$',
};
export const url: Schema = { type: 'string', pattern: '^(https?://.+)?$' };
/** Whatever the API server takes there. */
export const anything: Schema = { type: 'object' };
export const texts: Schema = { type: 'object', additionalProperties: text };
export const choice = (...choices: readonly string[]): Schema => ({ type: 'string', enum: choices });
export const listOf = (items: Schema): Schema => ({ type: 'array', items });
/** A map with this in it that is none of those that the templates put beside it. */
export const having = (key: string, but: readonly string[] = []): Schema => ({
  type: 'object',
  required: [key],
  properties: { [key]: but.length === 0 ? someText : { ...someText, not: { enum: but } } },
});
