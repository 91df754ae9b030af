/**
 * The words that the API is defined in. One definition gives the TypeScript types (`Static`), the CRDs (crd.ts), the structural half of
 * the validator (validate/structure.ts) and the reference page, so it knows no more than those four can all express. A library's builders
 * would take longer to load than all that is built with them.
 */
export type Schema = Text | Integer | Bool | List | Dictionary | Struct;

interface Described {
  /** For `kubectl explain`. */
  readonly description: string;
  /** Shown in the reference only: defaults live in code, so that a manifest comes back as it was sent. */
  readonly defaultsTo?: string;
  readonly optional?: true;
}

export interface Text<V extends string = string> extends Described {
  readonly type: 'text';
  readonly values?: readonly V[];
  readonly pattern?: string;
  /** What the pattern asks for, in words: `must be …`. */
  readonly kindOfText?: string;
  readonly format?: 'date-time' | 'duration';
  /** Of a duration: zero will not do. */
  readonly positive?: true;
  readonly minLength?: number;
  readonly maxLength?: number;
}

export interface Integer extends Described {
  readonly type: 'integer';
  readonly format: 'int32' | 'int64';
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface Bool extends Described {
  readonly type: 'boolean';
}

export interface List<S extends Schema = Schema> extends Described {
  readonly type: 'list';
  readonly items: S;
  /** The item's field that names it: makes the list a map to the API server. */
  readonly namedBy?: string;
  readonly minItems?: number;
}

/** Free keys, values of one kind. */
export interface Dictionary<S extends Schema = Schema> extends Described {
  readonly type: 'dictionary';
  readonly values: S;
  /** Checked in code: a structural schema cannot say it. */
  readonly keyPattern?: string;
}

export type Fields = Readonly<Record<string, Schema>>;

export interface Struct<F extends Fields = Fields> extends Described {
  readonly type: 'struct';
  readonly fields: F;
}

/** The TypeScript type of what a schema describes. */
export type Static<S> =
  S extends Text<infer V>
    ? V
    : S extends Integer
      ? number
      : S extends Bool
        ? boolean
        : S extends List<infer I>
          ? readonly Static<I>[]
          : S extends Struct<infer F>
            ? StaticFields<F>
            : S extends Dictionary<infer V>
              ? Readonly<Record<string, Static<V>>>
              : never;

type StaticFields<F extends Fields> = {
  readonly [K in keyof F as F[K] extends { readonly optional: true } ? never : K]: Static<F[K]>;
} & {
  readonly [K in keyof F as F[K] extends { readonly optional: true } ? K : never]?: Static<F[K]>;
};

type TextRules = Omit<Text, 'type' | 'description' | 'values' | 'optional'>;

export function text(description: string, rules: TextRules = {}): Text {
  return { type: 'text', description, ...rules };
}

export function oneOf<const V extends string>(
  description: string,
  values: readonly V[],
  rules: Pick<Text, 'defaultsTo'> = {},
): Text<V> {
  return { type: 'text', description, values, ...rules };
}

export function integer(description: string, rules: Partial<Omit<Integer, 'type'>> = {}): Integer {
  return { type: 'integer', description, format: 'int32', ...rules };
}

export function bool(description: string, rules: Pick<Bool, 'defaultsTo'> = {}): Bool {
  return { type: 'boolean', description, ...rules };
}

export function list<S extends Schema>(
  description: string,
  items: S,
  rules: Pick<List, 'namedBy' | 'minItems' | 'defaultsTo'> = {},
): List<S> {
  return { type: 'list', description, items, ...rules };
}

export function dictionary<S extends Schema>(
  description: string,
  values: S,
  rules: Pick<Dictionary, 'keyPattern'> = {},
): Dictionary<S> {
  return { type: 'dictionary', description, values, ...rules };
}

export function struct<F extends Fields>(description: string, fields: F): Struct<F> {
  return { type: 'struct', description, fields };
}

export function optional<S extends Schema>(schema: S): S & { readonly optional: true } {
  return { ...schema, optional: true };
}
