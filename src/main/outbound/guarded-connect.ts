import { promises as dns, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { type OutboundPolicy, OutboundRefused, refusalOf } from './guard.ts';

export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

export const resolveBySystem: Resolve = (host) => dns.lookup(host, { all: true });

const connectTimeoutMs = 10_000;

/** How every connection of a policy is made: to an address that was checked, and to no other. */
export function guardedConnect(policy: OutboundPolicy, resolve: Resolve): buildConnector.connector {
  const connect = buildConnector({ timeout: connectTimeoutMs, allowH2: false, lookup: guardedLookup(policy, resolve) });
  return (target, callback) => {
    // Node asks no lookup about a literal. Odd spellings (0x7f.1, 2130706433) are plain by now: the URL parser saw to it.
    const refusal = isIP(target.hostname) === 0 ? undefined : refusalOf(target.hostname, policy);
    if (refusal === undefined) connect(target, callback);
    else callback(new OutboundRefused(target.hostname, refusal), null);
  };
}

/**
 * Node connects to the very addresses this answers with, so a name that changes its mind a moment later (rebinding)
 * gains nothing. Of several addresses those allowed are kept.
 */
export function guardedLookup(policy: OutboundPolicy, resolve: Resolve = resolveBySystem): LookupFunction {
  return (host, { all }, callback) => {
    resolve(host).then(
      (addresses) => {
        const [first, ...others] = addresses.filter(({ address }) => refusalOf(address, policy) === undefined);
        if (first === undefined) callback(refused(host, addresses, policy), '');
        else if (all === true) callback(null, [first, ...others]);
        else callback(null, first.address, first.family);
      },
      (error) => callback(error, ''),
    );
  };
}

/** The kind of address, never the address itself: a tenant is not to learn what a name of ours leads to. */
function refused(host: string, [address]: readonly LookupAddress[], policy: OutboundPolicy): OutboundRefused {
  const refusal = address === undefined ? undefined : refusalOf(address.address, policy);
  return new OutboundRefused(host, refusal ?? 'it has no address');
}
