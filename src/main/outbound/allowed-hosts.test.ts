import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAllowedHost, permissionFor } from './allowed-hosts.ts';

type Verdict = 'no' | 'yes' | 'loopback' | 'link-local';

function verdict(url: string, entries: readonly string[]): Verdict {
  const allowed = entries.map((entry) => parseAllowedHost(entry) ?? assert.fail(entry));
  const policy = permissionFor(new URL(url), allowed);
  if (policy === undefined) return 'no';
  assert.ok(!(policy.allowLoopback && policy.allowLinkLocal));
  if (policy.allowLoopback) return 'loopback';
  return policy.allowLinkLocal ? 'link-local' : 'yes';
}

const rows: readonly [entries: readonly string[], url: string, verdict: Verdict][] = [
  [[], 'https://anything.example/', 'yes'],
  [[], 'http://127.0.0.1/', 'yes'], // and the guard refuses it
  [['api.example.com'], 'https://api.example.com/', 'yes'],
  [['api.example.com'], 'https://API.Example.com:8443/', 'yes'],
  [['API.EXAMPLE.COM.'], 'https://api.example.com/', 'yes'],
  [['api.example.com'], 'https://api.example.com./', 'yes'],
  [['api.example.com'], 'https://api.example.com.evil.example/', 'no'],
  [['api.example.com'], 'https://evil-api.example.com/', 'no'],
  [['api.example.com'], 'https://apixexample.com/', 'no'],
  [['api.example.com'], 'https://api.example.com@evil.example/', 'no'],
  [['api.example.com'], 'https://evil.example/api.example.com', 'no'],
  [['api.example.com'], 'https://evil.example#@api.example.com', 'no'],
  [['bücher.example'], 'https://xn--bcher-kva.example/', 'yes'],
  [['*.example.com'], 'https://a.b.example.com/', 'yes'],
  [['*.example.com'], 'https://example.com/', 'no'],
  [['*.example.com'], 'https://a.example.com.evil.example/', 'no'],
  [['api-*.example.com'], 'https://api-1.eu.example.com/', 'yes'],
  [['a.example', 'b.example'], 'https://b.example/', 'yes'],
  [['api.example.com:443'], 'https://api.example.com/', 'yes'],
  [['api.example.com:443'], 'http://api.example.com/', 'no'],
  [['api.example.com:80'], 'http://api.example.com/', 'yes'],
  [['api.example.com:8443'], 'https://api.example.com:8443/', 'yes'],
  [['api.example.com:84*'], 'https://api.example.com:8443/', 'yes'],
  [['api.example.com:443'], 'https://api.example.com:1443/', 'no'],
  [['*:8080'], 'http://a.example:8080/', 'yes'],
  [['*:8080'], 'http://a.example/', 'no'],
  [['10.0.0.*'], 'http://10.0.0.7/', 'yes'],
  [['10.0.0.7'], 'http://0xa.7/', 'yes'],
  [['*.7'], 'http://10.0.0.7/', 'yes'],
  [['[fd00::1]'], 'http://[fd00:0::1]:9/', 'yes'],
  [['fd00::1'], 'http://[fd00::1]/', 'yes'],
  [['[fd00::1]:80'], 'http://[fd00::1]:81/', 'no'],
  [['[fd00:*]'], 'http://[fd00::1]/', 'yes'],
  [['localhost'], 'http://localhost/', 'loopback'],
  [['LOCALHOST'], 'http://localhost./', 'loopback'],
  [['127.0.0.1'], 'http://127.1/', 'loopback'],
  [['127.0.0.1:*'], 'http://127.0.0.1:8080/', 'loopback'],
  [['127.0.0.1:8080', '*'], 'http://127.0.0.1:9090/', 'yes'], // and the guard refuses it
  [['127.0.0.1', '*'], 'http://127.0.0.2/', 'yes'],
  [['127.0.0.1', '*'], 'http://a.example/', 'yes'],
  [['::1'], 'http://[::1]/', 'loopback'],
  [['127.0.0.1'], 'http://[::ffff:127.0.0.1]/', 'no'],
  [['[::ffff:127.0.0.1]'], 'http://[::ffff:7f00:1]/', 'loopback'],
  [['169.254.1.1'], 'http://169.254.1.1/', 'link-local'],
  [['fe80::1'], 'http://[fe80::1]/', 'link-local'],
  [['*', '127.*', '*host', '[*]'], 'http://127.0.0.1/', 'yes'],
  [['*', '127.*', '*host', '[*]'], 'http://localhost/', 'yes'],
  [['*', '127.*', '*host', '[*]'], 'http://[::1]/', 'yes'],
  [['169.254.169.254'], 'http://169.254.169.254/', 'yes'], // and the guard refuses it, whatever it may lead to
  [['0.0.0.0'], 'http://0/', 'yes'],
];

for (const [entries, url, wanted] of rows) {
  test(`${entries.join(' ') || 'no entry'}: ${url} ${wanted}`, () => assert.equal(verdict(url, entries), wanted));
}

test('what is no host is told from one', () => {
  for (const text of [
    '',
    ':80',
    'https://api.example.com',
    'api.example.com/path',
    'user@api.example.com',
    'a.example,b.example',
    'a.example b.example',
    'a.example:http',
    'a.example:123456',
    '256.1.1.1',
    '[::1',
    '[zz]',
    '::1:80:zz',
    'a?b',
    'a\\b',
  ]) {
    assert.equal(parseAllowedHost(text), undefined, text);
  }
});
