import { compareVersions, parseVersion } from '../../../src/shared/semver/version.ts';

/** Not so where one of them is none. */
export function isBelow(version: string | undefined, other: string | undefined): boolean {
  const [one, two] = [parseVersion(version ?? ''), parseVersion(other ?? '')];
  return one !== undefined && two !== undefined && compareVersions(one, two) < 0;
}
