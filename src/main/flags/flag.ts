/** One command-line flag: all that parsing, `--help` and the docs need to know of it. */
export interface Flag<T> {
  readonly name: string;
  readonly help: string;
  /** How `--help` names the value; undefined for a switch. */
  readonly value?: string;
  readonly fallback: T;
  /** The fallback as one would write it on the command line, where it is not just that. */
  readonly fallbackText?: string;
  /** Of a whole number. */
  readonly range?: { readonly min: number; readonly max: number };
  /** Given several times, the values are gathered. */
  readonly repeats?: true;
  /** Read where the flag is absent or empty. */
  readonly environment?: string;
  /** Shown to nobody, not even in what is wrong with it. */
  readonly secret?: true;
  /** The value, or what is wrong with the text. */
  readonly read: (text: string) => Read<T>;
}

export type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };
