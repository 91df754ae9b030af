import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusalOf } from './guard.ts';

const strict = { allowLoopback: false, allowLinkLocal: false };
const lenient = { allowLoopback: true, allowLinkLocal: true };

const metadata = 'it is a cloud metadata address';
const loopback = 'it is a loopback address';
const unspecified = 'it is an unspecified address';
const multicast = 'it is a multicast or broadcast address';
const linkLocal = 'it is a link-local address';

const rows: readonly [address: string, refusal: string | undefined][] = [
  ['127.0.0.1', loopback],
  ['127.255.255.254', loopback],
  ['::1', loopback],
  ['0:0:0:0:0:0:0:1', loopback],
  ['::ffff:127.0.0.1', loopback],
  ['::ffff:7f00:1', loopback],
  ['::127.0.0.1', loopback],
  ['::ffff:0:127.0.0.1', loopback],
  ['64:ff9b::7f00:1', loopback],
  ['2002:7f00:1::', loopback],
  ['2002:7f00:1:2::3', loopback],
  ['169.254.1.1', linkLocal],
  ['fe80::1', linkLocal],
  ['fe80::1%eth0', linkLocal],
  ['febf::1', linkLocal],
  ['::ffff:169.254.1.1', linkLocal],
  ['169.254.169.254', metadata],
  ['::ffff:169.254.169.254', metadata],
  ['64:ff9b::a9fe:a9fe', metadata],
  ['64:ff9b:1::a9fe:a9fe', metadata],
  ['2002:a9fe:a9fe::1', metadata],
  ['169.254.170.2', metadata],
  ['100.100.100.200', metadata],
  ['168.63.129.16', metadata],
  ['fd00:ec2::254', metadata],
  ['fd00:0ec2:0:0::254', metadata],
  ['fe80::a9fe:a9fe', metadata],
  ['0.0.0.0', unspecified],
  ['0.1.2.3', unspecified],
  ['::', unspecified],
  ['::ffff:0.0.0.0', unspecified],
  ['224.0.0.1', multicast],
  ['239.255.255.255', multicast],
  ['255.255.255.255', multicast],
  ['ff02::1', multicast],
  ['10.0.0.1', undefined],
  ['172.16.0.1', undefined],
  ['192.168.1.1', undefined],
  ['100.64.0.1', undefined],
  ['126.255.255.255', undefined],
  ['128.0.0.0', undefined],
  ['169.253.255.255', undefined],
  ['169.255.0.0', undefined],
  ['240.0.0.1', undefined],
  ['8.8.8.8', undefined],
  ['fd00:ec2::253', undefined],
  ['fd12:3456::1', undefined],
  ['2001:4860:4860::8888', undefined],
  ['2002:a00:1::1', undefined],
  ['localhost', 'it is no IP address'],
  ['', 'it is no IP address'],
];

for (const [address, refusal] of rows) {
  test(`"${address}": ${refusal ?? 'allowed'}`, () => {
    assert.equal(refusalOf(address, strict), refusal);
    const staysRefused = refusal !== loopback && refusal !== linkLocal;
    assert.equal(refusalOf(address, lenient), staysRefused ? refusal : undefined);
  });
}

test('loopback and link-local are allowed apart', () => {
  assert.equal(refusalOf('127.0.0.1', { allowLoopback: true, allowLinkLocal: false }), undefined);
  assert.equal(refusalOf('fe80::1', { allowLoopback: true, allowLinkLocal: false }), linkLocal);
  assert.equal(refusalOf('127.0.0.1', { allowLoopback: false, allowLinkLocal: true }), loopback);
});
