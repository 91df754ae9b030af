const DNS_LABEL_MAX = 63;

/** A name that a stage may have, as near to this one as can be; the suffix, which is one already, is never cut. */
export function stageName(name: string, suffix = ''): string {
  const label = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, DNS_LABEL_MAX - suffix.length)
    .replaceAll(/^-+|-+$/g, '');
  return `${label === '' ? 'app' : label}${suffix}`;
}
