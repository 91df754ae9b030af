import { type BlockList, isIP } from 'node:net';
import { holds, networks } from './networks.ts';

/** What a URL that a tenant names may lead to. Private networks always: that is where clusters live. */
export interface OutboundPolicy {
  readonly allowLoopback: boolean;
  readonly allowLinkLocal: boolean;
}

/** The guard said no, and no byte was sent. */
export class OutboundRefused extends Error {
  constructor(host: string, because: string) {
    super(`${host} is not allowed: ${because}`);
    this.name = 'OutboundRefused';
  }
}

/** Why no connection may be made to this address; undefined when it may. */
export function refusalOf(address: string, policy: OutboundPolicy): string | undefined {
  if (isIP(address) === 0) return 'it is no IP address';
  const kind = kinds.find(({ addresses }) => holds(addresses, address));
  return kind === undefined || kind.isAllowed(policy) ? undefined : `it is ${kind.name}`;
}

/** The same of a URL's host, as far as it can be told before a name is resolved: nothing is looked up for a literal. */
export function refusalOfHost({ hostname }: URL, policy: OutboundPolicy): string | undefined {
  const host = hostname.replace(/^\[|\]$/g, '');
  return isIP(host) === 0 ? undefined : refusalOf(host, policy);
}

interface AddressKind {
  readonly name: string;
  readonly addresses: BlockList;
  readonly isAllowed: (policy: OutboundPolicy) => boolean;
}

const never = () => false;

/**
 * The first that holds an address decides. Metadata comes first, for most of it is link-local as well; loopback before
 * unspecified, for `::1` is 0.0.0.1 in an IPv6 disguise.
 */
const kinds: readonly AddressKind[] = [
  {
    name: 'a cloud metadata address',
    addresses: networks(
      '169.254.169.254', // AWS, Azure, Google, OpenStack and most others
      '169.254.170.2', // AWS, credentials of an ECS task
      '169.254.170.23', // AWS, EKS pod identity
      '169.254.42.42', // Scaleway
      '169.254.0.23', // Tencent
      '100.100.100.200', // Alibaba
      '192.0.0.192', // Oracle
      '168.63.129.16', // Azure's host agent
      'fd00:ec2::254', // AWS
      'fd00:ec2::23', // AWS, EKS pod identity
      'fd20:ce::254', // Google
      'fd00:42::42', // Scaleway
      'fe80::a9fe:a9fe', // OpenStack
    ),
    isAllowed: never,
  },
  {
    name: 'a loopback address',
    addresses: networks('127.0.0.0/8', '::1'),
    isAllowed: ({ allowLoopback }) => allowLoopback,
  },
  { name: 'an unspecified address', addresses: networks('0.0.0.0/8', '::'), isAllowed: never },
  {
    name: 'a multicast or broadcast address',
    addresses: networks('224.0.0.0/4', '255.255.255.255', 'ff00::/8'),
    isAllowed: never,
  },
  {
    name: 'a link-local address',
    addresses: networks('169.254.0.0/16', 'fe80::/10'),
    isAllowed: ({ allowLinkLocal }) => allowLinkLocal,
  },
];
