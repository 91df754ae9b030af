const SHOWN = 200;

/** A name from outside as it may stand in a message: quoted, control characters escaped, cut when long. */
export function quoted(name: string): string {
  return JSON.stringify(name.length > SHOWN ? `${name.slice(0, SHOWN)}…` : name);
}
