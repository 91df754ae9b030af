import assert from 'node:assert/strict';
import { test } from 'node:test';
import { validateStageSet } from './validate.ts';

const words = [
  ...['spec', 'metadata', 'name', 'namespace', 'stages', 'sourceRef', 'kind', 'apiVersion', 'path', 'patches', 'patch'],
  ...[
    'version',
    'value',
    'fromObject',
    'fieldPath',
    'stage',
    'migrations',
    'actions',
    'pre',
    'http',
    'url',
    'wait',
    'expr',
  ],
  ...[
    'updateWindows',
    'type',
    'schedule',
    'duration',
    'timeZone',
    'from',
    'to',
    'readyChecks',
    'exprs',
    'current',
    'target',
  ],
  ...[
    'postBuild',
    'substitute',
    'conflictPolicy',
    'rules',
    'action',
    'dependsOn',
    'kubeConfig',
    'decryption',
    'provider',
  ],
  ...['constructor', 'toString', 'hasOwnProperty', 'length'],
];
const texts = [
  '',
  'app',
  'Allow',
  '1h',
  '-1h',
  '0 9 * * *',
  '{.a',
  '>=1',
  '(',
  '- a: [',
  '../..',
  '*x',
  '!!binary x',
  '\ud800',
  '💥',
];

/** Small and repeatable: mulberry32. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function anything(below: (n: number) => number, depth: number): unknown {
  const pick = <T>(from: readonly T[]): T => from[below(from.length)]!;
  switch (below(depth > 0 ? 9 : 5)) {
    case 0:
      return pick([null, undefined, true, false]);
    case 1:
      return pick([0, -1, 1.5, 1e308, Number.NaN, 2n ** 70n]);
    case 2:
    case 3:
    case 4:
      return pick(texts);
    case 5:
    case 6:
      return Array.from({ length: below(4) }, () => anything(below, depth - 1));
    default:
      // From JSON, so that a key __proto__ is one of the object's own.
      return Object.assign(
        below(20) === 0 ? JSON.parse('{"__proto__": {"name": "x"}}') : {},
        Object.fromEntries(Array.from({ length: below(8) }, () => [pick(words), anything(below, depth - 1)])),
      );
  }
}

const seed = Date.now();

test(`any value is answered, in words (seed ${seed})`, () => {
  const below = random(seed);
  for (let round = 0; round < 3_000; round += 1) {
    const spec = anything(below, 7);
    const set = below(10) === 0 ? spec : { metadata: anything(below, 2), spec };
    for (const { path, message } of validateStageSet(set, { noCrossNamespaceRefs: below(2) === 0 })) {
      assert.ok(path.startsWith('spec') && message.length > 0 && message.length < 1_000);
    }
  }
  assert.equal(Object.hasOwn(Object.prototype, 'name'), false);
});
