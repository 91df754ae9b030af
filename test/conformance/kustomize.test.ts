import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type AnsweredCase, ourAnswer, theirAnswer } from './kustomize/case.ts';
import { knownGaps } from './kustomize/known-gaps.ts';

// What the real kustomize answers was written down by kustomize/renew.ts and kustomize/fuzz.ts.

for (const file of ['cases.json', 'found.json']) {
  const cases: readonly AnsweredCase[] = JSON.parse(
    readFileSync(new URL(`kustomize/testdata/${file}`, import.meta.url), 'utf8'),
  );
  for (const each of cases) {
    const gap = knownGaps.get(each.name);
    test(gap === undefined ? each.name : `${each.name} (gap: ${gap})`, () => {
      if (gap === undefined) assert.equal(ourAnswer(each), theirAnswer(each.answer));
      else assert.notEqual(ourAnswer(each), theirAnswer(each.answer)); // closed? off the list
    });
  }
}
