import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConstraint, satisfies } from './constraint.ts';
import { parseVersion } from './version.ts';

// constraint: versions it takes, versions it leaves; all as Masterminds/semver 3.5.0 answers.
const cases: Readonly<Record<string, readonly [takes: string, leaves: string]>> = {
  '1.2.3': ['1.2.3', '1.2.4 1.2.3-a'],
  '=1.2': ['1.2.0 1.2.9', '1.3.0'],
  '1.*': ['1.0.0 1.9.9', '0.9.9 2.0.0 1.5.0-a'],
  '1.x': ['1.0.0', '2.0.0'],
  '*': ['0.0.0 7.1.2', '1.0.0-a'],
  '*.1': ['0.0.0 7.1.2', '1.0.0-a'],
  '01.2': ['1.2.0 1.2.7', '1.3.0'],
  '!=1.2': ['1.3.0 2.0.0', '1.2.0 1.2.7'],
  '!=1.2.3': ['1.2.4', '1.2.3'],
  '>1.4': ['1.5.0 2.0.0', '1.4.0 1.4.9'],
  '>1': ['2.0.0', '1.9.9'],
  '<=1.4': ['1.4.9 1.0.0', '1.5.0'],
  '=<1.4.0': ['1.4.0', '1.4.1'],
  '>=1.0.0, <2.0.0': ['1.0.0 1.9.9', '0.9.9 2.0.0'],
  '>=1.2.0 <2.0.0': ['1.2.0', '1.1.9 2.0.0'],
  '~1.2': ['1.2.0 1.2.9', '1.1.9 1.3.0'],
  '~1.2.3': ['1.2.3 1.2.9', '1.2.2 1.3.0'],
  '~>1': ['1.0.0 1.9.0', '2.0.0'],
  '^1.2': ['1.2.0 1.9.0', '1.1.0 2.0.0'],
  '^0.2.3': ['0.2.3 0.2.9', '0.3.0 0.2.2'],
  '^0.0.3': ['0.0.3', '0.0.4'],
  '^0': ['0.0.0 0.9.9', '1.0.0'],
  '<1.0.0 || >=2.0.0': ['0.9.0 2.0.0', '1.0.0 1.9.9'],
  '2.0 - 2.3': ['2.0.0 2.3.7', '2.4.0 1.9.9'],
  '2.0.0-2.5.0': ['2.0.0-2.5.0', '2.0.0 2.1.0'],
  '>=1.0.0-rc.1 <2.0.0': ['1.5.0-a 1.0.0', '2.0.0 1.0.0-a'],
  '>=1.0.0-rc.1 || <1.0.0': ['1.5.0-a', '0.9.0-a'],
  'v1.2': ['1.2.5', '1.3.0'],
};

for (const [text, [takes, leaves]] of Object.entries(cases)) {
  test(`${text} takes ${takes} and leaves ${leaves}`, () => {
    const constraint = parseConstraint(text);
    assert.ok(constraint);
    const decide = (version: string) => satisfies(parseVersion(version)!, constraint);
    assert.deepEqual(
      takes.split(' ').filter((version) => !decide(version)),
      [],
    );
    assert.deepEqual(leaves.split(' ').filter(decide), []);
  });
}

const refused = [
  '',
  ' ',
  '>=1,',
  ',1',
  '>=',
  '1 2 - 3',
  '1.2.3.4',
  'one',
  '>==1',
  '1..2',
  '|| 1',
  '1 |',
  '1xx',
  '>=1.0.0-01',
];
for (const text of [...refused, '99999999999999999999', '1'.repeat(600), Array(40).fill('1').join('||')]) {
  test(`${JSON.stringify(text.slice(0, 30))} is no constraint`, () => {
    assert.equal(parseConstraint(text), undefined);
  });
}
