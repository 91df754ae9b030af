import { RE2JS } from 're2js';
import { SopsError } from './sops-error.ts';

export const ruleFields = [
  'encrypted_regex',
  'unencrypted_regex',
  'encrypted_suffix',
  'unencrypted_suffix',
  'encrypted_comment_regex',
  'unencrypted_comment_regex',
] as const;

/** Which values of a file are encrypted: there is exactly one rule. */
export interface ScopeRule {
  readonly field: (typeof ruleFields)[number];
  readonly text: string;
}

export interface Place {
  /** The keys above a value, its own included. */
  readonly path: readonly string[];
  /** For each map and list above it, the comments since the last value there. */
  readonly comments: readonly (readonly string[])[];
  readonly isComment: boolean;
}

export type Scope = (place: Place) => boolean;

export function scopeOf({ field, text }: ScopeRule): Scope {
  switch (field) {
    case 'encrypted_suffix':
      return ({ path }) => path.some((key) => key.endsWith(text));
    case 'unencrypted_suffix':
      return ({ path }) => !path.some((key) => key.endsWith(text));
    case 'encrypted_regex': {
      const matches = matcher(text);
      return ({ path }) => path.some(matches);
    }
    case 'unencrypted_regex': {
      const matches = matcher(text);
      return ({ path }) => !path.some(matches);
    }
    case 'encrypted_comment_regex': {
      const matches = matcher(text);
      return (place) => commentsBefore(place).some(matches);
    }
    case 'unencrypted_comment_regex': {
      const matches = matcher(text);
      return ({ comments }) => !comments.flat().some(matches);
    }
    default:
      return field satisfies never;
  }
}

/** The comment that asks for encryption stays legible itself. */
function commentsBefore({ comments, isComment }: Place): readonly string[] {
  const all = comments.flat();
  return isComment ? all.slice(0, -1) : all;
}

/** In Go's grammar, and like Go's in linear time: the pattern comes with the file. */
function matcher(source: string): (text: string) => boolean {
  try {
    const pattern = RE2JS.compile(source);
    const known = new Map<string, boolean>();
    return (text) => {
      const before = known.get(text);
      if (before !== undefined) return before;
      const found = pattern.matcher(text).find();
      known.set(text, found);
      return found;
    };
  } catch {
    throw new SopsError('its metadata holds a pattern that is no regular expression');
  }
}
