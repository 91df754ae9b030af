import { comparePrereleases, compareVersions, parseVersion, type Version } from './version.ts';

/** Branches joined by `||`, one of which must hold. */
export type Constraint = readonly Branch[];

/** Terms joined by commas or spaces, all of which must hold. */
interface Branch {
  readonly terms: readonly Term[];
  /** A prerelease is considered only where some term of its branch names one. */
  readonly takesPrereleases: boolean;
}

interface Term {
  readonly operator: Operator;
  /** What is not written is zero. */
  readonly bound: Version;
  /** How many of major, minor and patch are written: 1 for `1.x`, 0 for `*`. */
  readonly written: 0 | 1 | 2 | 3;
}

type Operator = keyof typeof holds;

// The bar is Masterminds' slip, kept because it has an effect: `1||2 - 3` is read as `>=1 || 2, <=3`.
const PART = '[0-9|xX*]+';
const TAIL = '[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*';
const PATTERN = `v?(${PART})(?:\\.(${PART}))?(?:\\.(${PART}))?(?:-(${TAIL}))?(?:\\+${TAIL})?`;
const SPACE = '[ \\t\\n\\f\\r]';
const OUTER_SPACE = new RegExp(`^${SPACE}+|${SPACE}+$`, 'g');
const HYPHEN_RANGE = new RegExp(`${SPACE}*(${PATTERN})${SPACE}+-${SPACE}+(${PATTERN})${SPACE}*`, 'g');
const TERM = new RegExp(`${SPACE}*(!=|>=|=>|<=|=<|~>|[=<>~^]|)${SPACE}*${PATTERN}`, 'y');
const SEPARATOR = new RegExp(`${SPACE}*,${SPACE}*|${SPACE}+`, 'y');

const MAX_LENGTH = 512;
const MAX_BRANCHES = 32;

/**
 * Reads a version constraint in the grammar of Masterminds/semver, the one Helm and Flux use:
 * `>=1.0.0, <2.0.0`, `1.*`, `1.x`, `~1.2`, `^1.2`, `1.2 - 2.3`, `<1 || >=2`. Undefined where it reports an error.
 */
export function parseConstraint(text: string): Constraint | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const branches = withoutHyphenRanges(text).split('||').map(parseBranch);
  if (branches.length > MAX_BRANCHES) return undefined;
  return branches.every((branch) => branch !== undefined) ? branches : undefined;
}

export function satisfies(version: Version, constraint: Constraint): boolean {
  return constraint.some(({ terms, takesPrereleases }) => {
    if (version.prerelease.length > 0 && !takesPrereleases) return false;
    return terms.every((term) => holds[term.operator](version, term));
  });
}

/** `1.2 - 2.3` stands for `>=1.2, <=2.3`. It takes the white space before it along, so a term before it needs a comma. */
function withoutHyphenRanges(text: string): string {
  return text.replace(HYPHEN_RANGE, (_, low: string, ...groups: string[]) => `>=${low}, <=${groups[4]} `);
}

function parseBranch(text: string): Branch | undefined {
  const trimmed = text.replace(OUTER_SPACE, '');
  const terms: Term[] = [];
  let at = 0;
  do {
    if (terms.length > 0) {
      SEPARATOR.lastIndex = at;
      if (!SEPARATOR.test(trimmed)) return undefined;
      at = SEPARATOR.lastIndex;
    }
    TERM.lastIndex = at;
    const match = TERM.exec(trimmed);
    const term = match === null ? undefined : parseTerm(match);
    if (term === undefined) return undefined;
    terms.push(term);
    at = TERM.lastIndex;
  } while (at < trimmed.length);
  return { terms, takesPrereleases: terms.some(({ bound }) => bound.prerelease.length > 0) };
}

function parseTerm([, operator = '', ...parts]: RegExpExecArray): Term | undefined {
  const firstOpen = parts.slice(0, 3).findIndex((part) => part === undefined || /^[xX*]$/.test(part));
  const written = (firstOpen < 0 ? 3 : firstOpen) as Term['written'];
  // A wildcard hides what follows it: `*.1` is anything, `1.x.7` is `1`. Zeros may lead here, unlike in a version.
  const numbers = [...parts.slice(0, written), '0', '0', '0']
    .slice(0, 3)
    .map((part) => part?.replace(/^0+(?=[0-9])/, ''));
  const bound = parseVersion(`${numbers.join('.')}${parts[3] === undefined ? '' : `-${parts[3]}`}`);
  return bound && { operator: operator as Operator, bound, written };
}

const holds = {
  '': equals,
  '=': equals,
  '!=': differs,
  '>': isAbove,
  '>=': (version, { bound }) => compareVersions(version, bound) >= 0,
  '=>': (version, { bound }) => compareVersions(version, bound) >= 0,
  '<': (version, { bound }) => compareVersions(version, bound) < 0,
  '<=': isAtMost,
  '=<': isAtMost,
  '~': isNear,
  '~>': isNear,
  '^': isCompatible,
} as const satisfies Record<string, (version: Version, term: Term) => boolean>;

/** A wildcard makes a range of what would be equality. */
function equals(version: Version, term: Term): boolean {
  return term.written < 3 ? isNear(version, term) : compareVersions(version, term.bound) === 0;
}

function differs(version: Version, { bound, written }: Term): boolean {
  if (written === 0 || written === 3) return compareVersions(version, bound) !== 0;
  if (version.major !== bound.major) return true;
  if (written === 1) return false;
  if (version.minor !== bound.minor) return true;
  return comparePrereleases(version.prerelease, bound.prerelease) !== 0;
}

/** `>1.4` means above all of 1.4. */
function isAbove(version: Version, { bound, written }: Term): boolean {
  if (written === 1) return version.major > bound.major;
  if (written === 2)
    return version.major > bound.major || (version.major === bound.major && version.minor > bound.minor);
  return compareVersions(version, bound) > 0;
}

/** `<=1.4` includes all of 1.4. */
function isAtMost(version: Version, { bound, written }: Term): boolean {
  if (written === 3) return compareVersions(version, bound) <= 0;
  if (version.major !== bound.major) return version.major < bound.major;
  return written === 1 || version.minor <= bound.minor;
}

/** `~1.2.3` is at least that and still 1.2; `~1` is any 1. */
function isNear(version: Version, { bound, written }: Term): boolean {
  if (compareVersions(version, bound) < 0) return false;
  const isAnything = (written === 0 || written === 3) && bound.major === 0 && bound.minor === 0 && bound.patch === 0;
  if (isAnything) return true;
  return version.major === bound.major && (written === 1 || version.minor === bound.minor);
}

/** `^1.2.3` is at least that and still 1; below 1.0 the minor counts as the major, below 0.1 the patch. */
function isCompatible(version: Version, { bound, written }: Term): boolean {
  if (compareVersions(version, bound) < 0) return false;
  if (version.major !== bound.major) return false;
  if (bound.major > 0 || written === 1) return true;
  if (version.minor !== bound.minor) return false;
  return bound.minor > 0 || written === 2 || version.patch === bound.patch;
}
