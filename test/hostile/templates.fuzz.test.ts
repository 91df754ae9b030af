import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Variable } from '../../src/shared/protocol/tasks.ts';
import { type Random, randomFrom, seeds } from '../support/seeds.ts';
import { builtOrRefused } from './builds.ts';

const TEMPLATES = 300;
const SECRET = 'hunter2';

const variables: readonly Variable[] = [
  { name: 'A', value: 'a/b*c[d]', secret: false },
  { name: 'LONG', value: 'ab'.repeat(5_000), secret: false },
  { name: 'EMPTY', value: '', secret: false },
  { name: 'YAML', value: '{x: [1, &a 2, *a], "y": \'', secret: false },
  { name: 'WIDE', value: 'née 😀', secret: false },
  { name: 'SECRET', value: `${SECRET}: "[`, secret: true },
  { name: '__proto__', value: 'polluted', secret: false },
  { name: 'constructor', value: 'x', secret: false },
];

const reference = (text: string) => `\${${text}}`;

const pieces = [
  ...['A', 'LONG', 'EMPTY', 'YAML', 'WIDE', 'SECRET', '__proto__', 'constructor', 'GONE', '#A', 'GONE:-x'].map(
    reference,
  ),
  ...['LONG##*', 'LONG//a/', 'LONG%%[', 'GONE:-', 'A:=', 'A:1:', 'A:'].map((start) => reference(start).slice(0, -1)),
  ...[
    '${',
    '}',
    '$',
    '$$',
    '{',
    ':',
    '-',
    '=',
    '/',
    '//',
    '#',
    '##',
    '%',
    '%%',
    '^',
    '^^',
    ',',
    '\\',
    '*',
    '?',
    '[a-z]',
    '[',
  ],
  ...[' ', '-1', '99999999999999999999', 'é'],
];

for (const seed of seeds()) {
  test(`whatever a template says, it is built or refused (seed ${seed})`, async () => {
    const random = randomFrom(seed);
    for (let round = 0; round < TEMPLATES; round++) {
      const text = template(random);
      const manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { x: text, [text]: 'y' } };
      const answer = await builtOrRefused({ 'a.json': JSON.stringify(manifest) }, { variables });
      if (typeof answer !== 'string') assert.ok(!answer.message.includes(SECRET), `${answer.message}\n${text}`);
    }
  });
}

function template(random: Random): string {
  return Array.from({ length: 1 + random.below(8) }, () => random.pick(pieces)).join('');
}

for (const [name, text] of [
  ['references within references', `${reference('GONE:-').slice(0, -1).repeat(5_000)}x${'}'.repeat(5_000)}`],
  ['stars on a long value', reference(`LONG##${'*a'.repeat(2_000)}x`)],
  ['classes on a long value', reference(`LONG%%${'*[ab]'.repeat(1_000)}`)],
  ['each letter replaced with a long value', reference(`LONG//a/${reference('LONG')}`)],
] as const) {
  test(`${name}: an end in good time`, async () => {
    const manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { x: text } };
    await builtOrRefused({ 'a.json': JSON.stringify(manifest) }, { variables });
  });
}
