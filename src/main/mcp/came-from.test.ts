import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusalOf } from './came-from.ts';

const answered = (headers: { readonly host?: string; readonly origin?: string }, bindHost = '') =>
  refusalOf(headers, bindHost) === undefined;

test('a name that nobody outside can own is ours', () => {
  const ours = ['127.0.0.1:8084', '10.1.2.3', '[::1]:8084', 'localhost:8084', 'LOCALHOST', 'a.localhost', 'stageset'];
  for (const host of [...ours, 'stageset.apps.svc:8084', 'stageset.apps.svc.cluster.local.:8084']) {
    assert.ok(answered({ host }), host);
  }
});

test('a name that a page on the web can have is not', () => {
  const theirs = [
    'evil.example',
    'evil.example:8084',
    '127.0.0.1.evil.example',
    'svc.evil.example',
    'localhost.evil.example',
  ];
  for (const host of [...theirs, 'a.svc.evil.example', 'stageset.apps', '', 'two words', 'user@evil.example']) {
    assert.ok(!answered({ host }), host);
  }
  assert.ok(!answered({}));
});

test('the name that the server is bound to is ours', () => {
  assert.ok(answered({ host: 'mcp.example.com:8084' }, 'MCP.example.com'));
});

test('a page that calls is one of this machine', () => {
  const host = 'localhost:8084';
  for (const origin of ['http://localhost:6274', 'https://127.0.0.1', 'http://[::1]:80']) {
    assert.ok(answered({ host, origin }), origin);
  }
  for (const origin of ['https://evil.example', 'null', '', 'http://10.1.2.3', 'http://localhost.evil.example']) {
    assert.ok(!answered({ host, origin }), origin);
  }
});
