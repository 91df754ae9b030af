import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { issue } from './issue.ts';

const nowMs = Date.parse('2030-01-01T00:00:00Z');
const wish = { dnsNames: ['hook', 'hook.team.svc'], podUid: '6f1c2d7e', nowMs, validityMs: 3_600_000 };

test('the leaf is for the names of the service, signed by an authority that carries the pod', async () => {
  const issued = await issue(wish);
  const [ca, leaf] = [new X509Certificate(issued.ca), new X509Certificate(issued.cert)];
  assert.equal(leaf.checkHost('hook.team.svc'), 'hook.team.svc');
  assert.equal(leaf.checkHost('other.team.svc'), undefined);
  assert.ok(leaf.verify(ca.publicKey) && leaf.checkIssued(ca) && ca.checkIssued(ca));
  assert.deepEqual([ca.ca, leaf.ca], [true, false]);
  assert.ok(leaf.checkPrivateKey(createPrivateKey(issued.key)));
  assert.equal(ca.publicKey.asymmetricKeyType, 'ec');
  assert.match(ca.subject, /^OU=6f1c2d7e$/m);
});

test('both are valid for as long as was wished, and already on a clock that is behind', async () => {
  const { ca, cert, expiresMs } = await issue(wish);
  assert.equal(expiresMs, nowMs + wish.validityMs);
  for (const each of [ca, cert].map((pem) => new X509Certificate(pem))) {
    assert.equal(each.validToDate.getTime(), expiresMs);
    assert.ok(each.validFromDate.getTime() < nowMs);
  }
});

test('no two are alike', async () => {
  const [one, another] = await Promise.all([issue(wish), issue(wish)]);
  const serials = [one.ca, one.cert, another.ca, another.cert].map((pem) => new X509Certificate(pem).serialNumber);
  assert.equal(new Set(serials).size, 4);
});
