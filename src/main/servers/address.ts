export interface BindAddress {
  /** Undefined: every interface. */
  readonly host: string | undefined;
  readonly port: number;
}

/** `:8080`, `127.0.0.1:8080` or `[::1]:8080`; undefined for anything else. */
export function parseBindAddress(text: string): BindAddress | undefined {
  const match = /^(?:\[([0-9a-f:.%]+)\]|([\w.-]*)):(\d{1,5})$/i.exec(text);
  if (match === null) return undefined;
  const [, inBrackets, plain = '', port] = match;
  if (Number(port) > 65_535) return undefined;
  return { host: inBrackets ?? (plain === '' ? undefined : plain), port: Number(port) };
}

/** Whether two servers cannot have both: one port, of the same interface or of all. */
export function excludeEachOther(a: BindAddress, b: BindAddress): boolean {
  return a.port === b.port && (a.host === b.host || covers(a, b) || covers(b, a));
}

/** Without a host it is IPv4 and IPv6 at once, as it is for `::`. */
function covers({ host }: BindAddress, other: BindAddress): boolean {
  if (host === '0.0.0.0') return other.host?.includes(':') !== true;
  return host === undefined || host === '::';
}
