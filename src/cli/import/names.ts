const DNS_LABEL_MAX = 63;

/** A name that a stage may have, as near to this one as can be. */
export function stageName(name: string): string {
  const label = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, DNS_LABEL_MAX)
    .replaceAll(/^-+|-+$/g, '');
  return label === '' ? 'app' : label;
}
