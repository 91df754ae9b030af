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
  /** Whether a note stands above it. */
  readonly isNoted: boolean;
  /** Its own text, of a comment. */
  readonly comment: string | undefined;
}

export interface Scope {
  encrypts(place: Place): boolean;
  /** Whether a comment is one that the rule looks for. */
  isNote(comment: string): boolean;
}

const noNote = () => false;

export function scopeOf({ field, text }: ScopeRule): Scope {
  switch (field) {
    case 'encrypted_suffix':
      return { encrypts: ({ path }) => path.some((key) => key.endsWith(text)), isNote: noNote };
    case 'unencrypted_suffix':
      return { encrypts: ({ path }) => !path.some((key) => key.endsWith(text)), isNote: noNote };
    case 'encrypted_regex': {
      const matches = matcher(text);
      return { encrypts: ({ path }) => path.some(matches), isNote: noNote };
    }
    case 'unencrypted_regex': {
      const matches = matcher(text);
      return { encrypts: ({ path }) => !path.some(matches), isNote: noNote };
    }
    case 'encrypted_comment_regex':
      // The comment that asks for encryption stays legible itself.
      return { encrypts: ({ isNoted }) => isNoted, isNote: matcher(text) };
    case 'unencrypted_comment_regex': {
      const isNote = matcher(text);
      return { encrypts: ({ isNoted, comment }) => !isNoted && !(comment !== undefined && isNote(comment)), isNote };
    }
    default:
      return field satisfies never;
  }
}

/** Steps of the slowest pattern for some seconds; what people write takes a thousandth. */
const MAX_STEPS = 500_000_000;

/** In Go's grammar, and like Go's in linear time: the pattern comes with the file. */
function matcher(source: string): (text: string) => boolean {
  const pattern = compile(source);
  const known = new Map<string, boolean>();
  let stepsLeft = MAX_STEPS;
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    stepsLeft -= source.length * text.length;
    if (stepsLeft < 0) throw new SopsError('the pattern in its metadata takes too long to match');
    const found = pattern.matcher(text).find();
    known.set(text, found);
    return found;
  };
}

function compile(source: string): RE2JS {
  try {
    return RE2JS.compile(source);
  } catch {
    throw new SopsError('its metadata holds a pattern that is no regular expression');
  }
}
