import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseBindAddress } from './address.ts';

test('a bind address is a port, with or without the interface before it', () => {
  assert.deepEqual(parseBindAddress(':8080'), { host: undefined, port: 8080 });
  assert.deepEqual(parseBindAddress('127.0.0.1:0'), { host: '127.0.0.1', port: 0 });
  assert.deepEqual(parseBindAddress('localhost:65535'), { host: 'localhost', port: 65_535 });
  assert.deepEqual(parseBindAddress('[::1]:8080'), { host: '::1', port: 8080 });
  for (const wrong of ['', '0', '8080', ':', ':65536', ':080800', 'a b:80', '::1:80', '[]:80', ':80/', ':8080\n']) {
    assert.equal(parseBindAddress(wrong), undefined, wrong);
  }
});
