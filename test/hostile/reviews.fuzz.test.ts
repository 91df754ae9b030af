import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge } from '../../src/main/webhook/judge.ts';
import { readReview, writeReview } from '../../src/main/webhook/review.ts';
import { type Random, randomFrom, seeds } from '../support/seeds.ts';

const ROUNDS = 2_000;

const spec = {
  interval: '10m',
  stages: [
    {
      name: 'app',
      sourceRef: { name: 'app' },
      conflictPolicy: { default: 'Fail', rules: [{ target: { kind: 'Job' }, action: 'Recreate' }] },
      actions: { pre: [{ name: 'ask', http: { url: 'https://example.com/', method: 'POST' } }] },
    },
  ],
  updateWindows: [{ type: 'Allow', schedule: '0 2 * * *', duration: '2h' }],
};
const stageSet = { apiVersion: 'stages.metio.wtf/v1', kind: 'StageSet', metadata: { name: 'shop' }, spec };
const review = {
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  request: {
    uid: 'u',
    operation: 'UPDATE',
    kind: { group: 'stages.metio.wtf', version: 'v1', kind: 'StageSet' },
    object: stageSet,
    oldObject: { ...stageSet, spec: { stages: [] } },
  },
};
const odd = [
  null,
  true,
  0,
  -1,
  1e308,
  '',
  'x',
  '\u0000',
  '😀',
  [],
  {},
  [[]],
  ['x'],
  { __proto__: 1 },
  'a'.repeat(5_000),
];

for (const seed of seeds()) {
  test(`whatever a review holds, it is answered (seed ${seed})`, () => {
    const random = randomFrom(seed);
    for (let round = 0; round < ROUNDS; round += 1) {
      const text = spoilt(JSON.stringify(bent(review, random)), random);
      const read = readReview(text);
      if ('problem' in read) continue;
      const verdict = judge(read, { multiTenant: true, nowMs: 0 });
      const { response } = JSON.parse(writeReview(read.uid, verdict));
      assert.equal(typeof response.allowed, 'boolean', text);
    }
  });
}

/** Something somewhere within is something else, is gone, or is there twice. */
function bent(value: unknown, random: Random): unknown {
  if (random.below(12) === 0) return random.pick(odd);
  if (Array.isArray(value)) {
    const items = value.map((item) => bent(item, random));
    return random.below(8) === 0 ? [...items, ...items] : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(() => random.below(40) > 0);
  return Object.fromEntries(kept.map(([key, item]) => [key, random.below(4) === 0 ? bent(item, random) : item]));
}

/** Now and then not even JSON. */
function spoilt(text: string, random: Random): string {
  if (random.below(5) > 0) return text;
  const at = random.below(text.length);
  return text.slice(0, at) + random.pick(['', '{', '"', '\\u', '[[[[', '\ufeff']) + text.slice(at + random.below(3));
}
