const RFC_3339 = /^(\d{4})-(\d{2})-(\d{2})T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

/** A time of RFC 3339 on a day that exists: Date alone would take February the 30th for March. */
export function isDateTime(text: string): boolean {
  const parts = RFC_3339.exec(text);
  if (parts === null || Number.isNaN(Date.parse(text))) return false;
  const [year = 0, month = 0, day = 0] = parts.slice(1).map(Number);
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}
