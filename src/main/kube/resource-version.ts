/**
 * Kubernetes promises that resourceVersions of one kind on one cluster compare as numbers; an extension API server
 * that breaks the promise has any other version count as newer, as nothing better is known.
 */
export function isNewer(version: string | undefined, than: string | undefined): boolean {
  if (version === undefined || than === undefined) return version !== than;
  if (!isDecimal(version) || !isDecimal(than)) return version !== than;
  // They outgrow what a number holds exactly, and without leading zeros the longer is the larger.
  return version.length === than.length ? version > than : version.length > than.length;
}

function isDecimal(version: string): boolean {
  return /^(0|[1-9]\d*)$/.test(version);
}
