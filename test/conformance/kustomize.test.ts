import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type AnsweredCase, type KustomizeCase, ourAnswer, ourFluxAnswer, theirAnswer } from './kustomize/case.ts';
import { knownGaps } from './kustomize/known-gaps.ts';

// What the real kustomize, or Flux, answers was written down by renew.ts, renew-flux.ts and fuzz.ts in kustomize/.

compareAll('cases.json', ourAnswer);
compareAll('found.json', ourAnswer);
compareAll('flux.json', ourFluxAnswer);

function compareAll(file: string, ours: (each: KustomizeCase) => string): void {
  const text = readFileSync(new URL(`kustomize/testdata/${file}`, import.meta.url), 'utf8');
  const cases: readonly AnsweredCase[] = JSON.parse(text);
  for (const each of cases) {
    const gap = knownGaps.get(each.name);
    test(gap === undefined ? each.name : `${each.name} (gap: ${gap})`, () => {
      if (gap === undefined) assert.equal(ours(each), theirAnswer(each.answer));
      else assert.notEqual(ours(each), theirAnswer(each.answer)); // closed? off the list
    });
  }
}
