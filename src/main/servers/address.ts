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
