import { isIP } from 'node:net';

interface Headers {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
}

/**
 * Why a request is not to be answered, or undefined. A page on the web can have its own name lead to our address and then
 * ask as if it were ours (DNS rebinding), but it cannot choose what the browser says of it: Host is a name that the page
 * was loaded by, and Origin is that page.
 */
export function refusalOf({ host = '', origin }: Headers, bindHost: string): string | undefined {
  const asked = hostnameOf(`http://${host}`);
  if (asked === undefined || !isOurs(asked, bindHost)) {
    return 'Host: call this server by an IP address, as localhost, by the name of its Service (NAME, NAME.NAMESPACE.svc) or as --mcp-bind-address has it';
  }
  if (origin === undefined) return undefined;
  const page = hostnameOf(origin);
  return page !== undefined && isLoopback(page) ? undefined : 'Origin: only pages of this machine may call this server';
}

/** Names that nobody can register: they lead nowhere but to this machine or within the cluster. */
function isOurs(name: string, bindHost: string): boolean {
  if (isIP(name) !== 0 || isLoopback(name) || !name.includes('.')) return true;
  return /\.svc(\.cluster\.local)?$/.test(name) || name === bindHost.toLowerCase();
}

function isLoopback(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost') || name === '::1' || /^127\.[\d.]+$/.test(name);
}

/** Lower case, without brackets and without the dot that ends a full name. */
function hostnameOf(url: string): string | undefined {
  const hostname = URL.parse(url)
    ?.hostname.replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
  return hostname === '' ? undefined : hostname;
}
