import { isIP } from 'node:net';
import { type OutboundPolicy, refusalOf } from './guard.ts';

/** One entry of `--allowed-action-hosts`: `host` or `host:port`, where `*` is any run of characters, dots too. */
export interface AllowedHost {
  readonly host: RegExp;
  /** Undefined: any. */
  readonly port: RegExp | undefined;
  /** What only an entry that spells it out opens: `localhost`, or an address of that kind. */
  readonly leadsTo: OutboundPolicy;
}

/** Undefined for what is no such entry, as a whole URL is. */
export function parseAllowedHost(text: string): AllowedHost | undefined {
  const [, written, port] = entry.exec(isIP(text) === 6 ? `[${text}]` : text) ?? [];
  const host = written === undefined ? undefined : canonical(written);
  if (host === undefined) return undefined;
  return { host: glob(host), port: port === undefined ? undefined : glob(port), leadsTo: spelledOut(host) };
}

/** How a request to this URL may go out; undefined when no entry allows its host. No entry at all allows any. */
export function permissionFor(url: URL, allowed: readonly AllowedHost[]): OutboundPolicy | undefined {
  if (allowed.length === 0) return strict;
  const host = withoutLastDot(url.hostname);
  const port = url.port === '' ? defaultPorts[url.protocol] : url.port;
  const matching = allowed.filter((one) => one.host.test(host) && (one.port?.test(port ?? '') ?? true));
  if (matching.length === 0) return undefined;
  return {
    allowLoopback: matching.some(({ leadsTo }) => leadsTo.allowLoopback),
    allowLinkLocal: matching.some(({ leadsTo }) => leadsTo.allowLinkLocal),
  };
}

const strict: OutboundPolicy = { allowLoopback: false, allowLinkLocal: false };
const entry = /^(\[[\da-f:.*]+\]|[^\s:[\]/?#@,\\]+)(?::([\d*]{1,5}))?$/i;
const defaultPorts: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/** As URLs of that host have it: 0x7f.1 is 127.0.0.1 there too. A pattern may be no host by itself: `*.1`. */
function canonical(host: string): string | undefined {
  const parsed = URL.parse(`http://${host}/`)?.hostname;
  return parsed === undefined && !host.includes('*') ? undefined : withoutLastDot(parsed ?? host.toLowerCase());
}

function withoutLastDot(host: string): string {
  return host.replace(/\.$/, '');
}

function glob(pattern: string): RegExp {
  return new RegExp(`^${pattern.split('*').map(RegExp.escape).join('.*')}$`);
}

/** Never what a pattern happens to cover, nor what a name leads to: whoever owns the name could point it anywhere. */
function spelledOut(host: string): OutboundPolicy {
  if (host === 'localhost') return { ...strict, allowLoopback: true };
  const address = host.replace(/^\[|\]$/g, '');
  const policies = [strict, { ...strict, allowLoopback: true }, { ...strict, allowLinkLocal: true }];
  return policies.find((policy) => refusalOf(address, policy) === undefined) ?? strict;
}
