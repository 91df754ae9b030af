import { parseConstraint, satisfies } from '../semver/constraint.ts';
import { compareVersions, parseVersion, type Version } from '../semver/version.ts';

/** A rung of the ladder, as a StageSet writes it. */
export interface Rung {
  readonly name: string;
  /** A constraint on the version that is deployed. */
  readonly from?: string;
  readonly to: string;
}

export type VersionPlan<R extends Rung> =
  /** Nothing is known of what was deployed: what lies behind counts as done. */
  | { readonly direction: 'first' }
  | { readonly direction: 'same' }
  | { readonly direction: 'up'; readonly migrations: readonly R[] }
  | { readonly direction: 'down' };

/** Which migrations lie between what is deployed and what is wanted, in the order in which they are to run. */
export function planVersions<R extends Rung>(
  ladder: readonly R[],
  current: Version | undefined,
  desired: Version,
): VersionPlan<R> {
  if (current === undefined) return { direction: 'first' };
  const step = compareVersions(desired, current);
  if (step === 0) return { direction: 'same' };
  if (step < 0) return { direction: 'down' };
  const crossed = ladder
    .map((rung) => ({ rung, to: mustParse(rung, parseVersion(rung.to)) }))
    .filter(({ to }) => compareVersions(current, to) < 0 && compareVersions(to, desired) <= 0)
    .filter(({ rung }) => startsFrom(current, rung))
    // Stable: of two to the same version the one that stands first in the list runs first.
    .toSorted((a, b) => compareVersions(a.to, b.to));
  return { direction: 'up', migrations: crossed.map(({ rung }) => rung) };
}

function startsFrom(current: Version, rung: Rung): boolean {
  return rung.from === undefined || satisfies(current, mustParse(rung, parseConstraint(rung.from)));
}

/** The webhook's routine has been over it. */
function mustParse<T>({ name }: Rung, parsed: T | undefined): T {
  if (parsed === undefined) throw new Error(`migration "${name}" was not validated`);
  return parsed;
}
