import assert from 'node:assert/strict';
import { test } from 'node:test';
import { excludeEachOther, parseBindAddress } from './address.ts';

test('a bind address is a port, with or without the interface before it', () => {
  assert.deepEqual(parseBindAddress(':8080'), { host: undefined, port: 8080 });
  assert.deepEqual(parseBindAddress('127.0.0.1:0'), { host: '127.0.0.1', port: 0 });
  assert.deepEqual(parseBindAddress('localhost:65535'), { host: 'localhost', port: 65_535 });
  assert.deepEqual(parseBindAddress('[::1]:8080'), { host: '::1', port: 8080 });
  for (const wrong of ['', '0', '8080', ':', ':65536', ':080800', 'a b:80', '::1:80', '[]:80', ':80/', ':8080\n']) {
    assert.equal(parseBindAddress(wrong), undefined, wrong);
  }
});

test('who has a port of every interface has it of each', () => {
  const exclude = (a: string, b: string) => {
    const [one, other] = [parseBindAddress(a) ?? assert.fail(a), parseBindAddress(b) ?? assert.fail(b)];
    assert.equal(excludeEachOther(one, other), excludeEachOther(other, one), 'either way round');
    return excludeEachOther(one, other);
  };
  for (const all of [':80', '[::]:80', '0.0.0.0:80']) {
    for (const other of [':80', '[::]:80', '0.0.0.0:80', '127.0.0.1:80', 'localhost:80']) {
      assert.equal(exclude(all, other), true, `${all} ${other}`);
    }
    assert.equal(exclude(all, ':81'), false);
  }
  assert.equal(exclude('[::]:80', '[::1]:80'), true);
  assert.equal(exclude('0.0.0.0:80', '[::1]:80'), false);
  assert.equal(exclude('127.0.0.1:80', '127.0.0.2:80'), false);
  assert.equal(exclude('127.0.0.1:80', '127.0.0.1:80'), true);
});
