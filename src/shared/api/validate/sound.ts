/**
 * What is left of a value once its structure has been checked, so that the rules can go on past a wrong field: every field may be absent
 * (undefined), or there but wrong and already reported (null); what is neither has its declared type.
 */
export type Sound<T> = T extends readonly (infer I)[]
  ? readonly (Sound<I> | null)[]
  : T extends object
    ? { readonly [K in keyof T]?: Sound<T[K]> | null }
    : T;

/** Written by the user, right or wrong. */
export function isGiven<T>(value: T | undefined): value is T {
  return value !== undefined;
}
