import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holds, isSameSet, withOwn } from './ca-bundle.ts';
import { issue } from './issue.ts';

const startMs = Date.parse('2030-01-01T00:00:00Z');
const minute = 60_000;

/** The authority that a pod makes at this minute, for an hour. */
async function authority(podUid: string, atMinute: number): Promise<string> {
  const nowMs = startMs + atMinute * minute;
  return (await issue({ dnsNames: ['hook'], podUid, nowMs, validityMs: 60 * minute })).ca;
}

const rules = (atMinute: number, limit = 8) => ({ nowMs: startMs + atMinute * minute, limit });

test('ours joins the others, once', async () => {
  const [a, b] = [await authority('a', 0), await authority('b', 1)];
  const both = withOwn(a, { ca: b }, rules(1));
  assert.ok(isSameSet(both, a + b));
  assert.ok(isSameSet(withOwn(both, { ca: b }, rules(2)), both));
});

test('what has expired goes', async () => {
  const [old, b] = [await authority('a', 0), await authority('b', 30)];
  assert.ok(isSameSet(withOwn(old, { ca: b }, rules(59)), old + b));
  assert.ok(isSameSet(withOwn(old, { ca: b }, rules(61)), b));
});

test('the newest stay; among those of one moment ours come first', async () => {
  const [a, b, c, d] = await Promise.all([0, 1, 2, 2].map((at) => authority(`pod-${Math.random()}`, at)));
  assert.ok(a && b && c && d);
  assert.ok(isSameSet(withOwn(a + b + c, { ca: d }, rules(3, 2)), d + c));
  assert.ok(isSameSet(withOwn(a + b + c, { ca: d }, rules(3, 1)), d));
  const displaced = withOwn(b + c, { ca: a }, rules(3, 2));
  assert.ok(isSameSet(displaced, b + c) && !holds(displaced, a));
});

test('a clock that is ahead displaces nobody for ever', async () => {
  const [ahead, ours] = [await authority('a', 50), await authority('b', 10)];
  assert.ok(holds(withOwn(ahead, { ca: ours }, rules(5, 1)), ours));
});

test('what an earlier process of the same pod announced goes, but for the one that is still served', async () => {
  const [dead, served, next, other] = await Promise.all([
    authority('a', 0),
    authority('a', 1),
    authority('a', 2),
    authority('b', 0),
  ]);
  assert.ok(isSameSet(withOwn(dead + served + other, { ca: next, other: served }, rules(2)), served + next + other));
});

test('what is no certificate is left out, and makes no difference', async () => {
  const a = await authority('a', 0);
  const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
  assert.ok(isSameSet(withOwn(`\n# hello\n${broken}${a}`, { ca: a }, rules(1)), a));
  assert.ok(isSameSet(`${broken}${a}`, a));
  assert.ok(!isSameSet(a + a, a), 'a double is worth tidying');
});
