import { BlockList, isIP } from 'node:net';

/** IPv6 prefixes with an IPv4 address right behind them. `::ffff:`, the usual one, BlockList knows by itself. */
const carriers = [
  { bits: 96, wrap: (address: string) => `::${address}` }, // IPv4-compatible
  { bits: 96, wrap: (address: string) => `::ffff:0:${address}` }, // IPv4-translated
  { bits: 96, wrap: (address: string) => `64:ff9b::${address}` }, // NAT64
  { bits: 96, wrap: (address: string) => `64:ff9b:1::${address}` }, // NAT64 within a network
  { bits: 16, wrap: (address: string) => `2002:${inHex(address)}::` }, // 6to4
];

/** Addresses and subnets; an IPv4 one stands for its IPv6 disguises too. */
export function networks(...list: readonly string[]): BlockList {
  const all = new BlockList();
  for (const network of list) {
    const [address = '', bits] = network.split('/');
    if (isIP(address) === 6) {
      all.addSubnet(address, Number(bits ?? 128), 'ipv6');
      continue;
    }
    const length = Number(bits ?? 32);
    all.addSubnet(address, length, 'ipv4');
    for (const carrier of carriers) all.addSubnet(carrier.wrap(address), carrier.bits + length, 'ipv6');
  }
  return all;
}

/** Needs: `net.isIP` knows the address. A zone (`fe80::1%eth0`) does not count. */
export function holds(all: BlockList, address: string): boolean {
  return all.check(address.replace(/%.*$/, ''), isIP(address) === 4 ? 'ipv4' : 'ipv6');
}

/** `127.0.0.1` → `7f00:1`. */
function inHex(address: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
  return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}
