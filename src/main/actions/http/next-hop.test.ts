import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Call } from './call.ts';
import { nextHop } from './next-hop.ts';

function post(rest: Partial<Call> = {}): Call {
  return {
    method: 'POST',
    url: new URL('http://user:pass@a.example/x'),
    headers: { accept: '*/*', 'content-type': 'text/plain' },
    secretHeaders: { authorization: 'Bearer secret', 'content-language': 'de' },
    body: { text: 'body', isSecret: true },
    ...rest,
  };
}

for (const [status, method, wanted] of [
  [301, 'POST', 'GET'],
  [302, 'PUT', 'GET'],
  [303, 'DELETE', 'GET'],
  [303, 'HEAD', 'HEAD'],
  [302, 'GET', 'GET'],
] as const) {
  test(`${status} turns ${method} into ${wanted} without a body`, () => {
    const next = nextHop(post({ method }), status, '/y?z');
    assert.equal(next?.method, wanted);
    assert.equal(next?.url.href, 'http://user:pass@a.example/y?z');
    assert.deepEqual(next?.headers, { accept: '*/*' });
    assert.deepEqual(next?.secretHeaders, { authorization: 'Bearer secret' });
    assert.equal(next?.body, undefined);
  });
}

for (const status of [307, 308]) {
  test(`${status} repeats the request`, () => {
    const call = post();
    assert.deepEqual(nextHop(call, status, 'y'), { ...call, url: new URL('http://user:pass@a.example/y') });
  });
}

const elsewhere = [
  'http://b.example/',
  '//b.example/',
  'https://a.example/',
  'http://a.example:81/',
  'http://a.example./',
];

for (const location of elsewhere) {
  test(`another origin, ${location}, gets nothing that is secret`, () => {
    const next = nextHop(post(), 302, location);
    assert.deepEqual([next?.secretHeaders, next?.url.username, next?.url.password], [{}, '', '']);
    assert.throws(() => nextHop(post(), 307, location), {
      message: 'POST http://a.example redirects to another host, which gets no body from a Secret',
    });
    const plain = { text: 'from the spec', isSecret: false };
    assert.deepEqual(nextHop(post({ body: plain }), 308, location)?.body, plain);
  });
}

test('back at the first origin the secrets do not come back', () => {
  const away = nextHop(post(), 302, 'http://b.example/') ?? assert.fail();
  assert.deepEqual(nextHop(away, 302, 'http://a.example/')?.secretHeaders, {});
});

test('a redirect may bring credentials of its own', () => {
  assert.equal(nextHop(post(), 302, 'http://me:too@a.example/')?.url.href, 'http://me:too@a.example/');
});

for (const location of ['ftp://b.example/', 'file:///etc/passwd', 'http://', 'javascript:1']) {
  test(`${location} is no place to go`, () => {
    assert.throws(() => nextHop(post(), 302, location), {
      message: 'POST http://a.example redirects to no http or https URL',
    });
  });
}

test('other statuses, and a redirect to nowhere, are answers', () => {
  for (const status of [200, 300, 304, 305, 306, 404]) assert.equal(nextHop(post(), status, '/y'), undefined);
  assert.equal(nextHop(post(), 302, undefined), undefined);
});
