import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareVersions, formatVersion, parseVersion } from './version.ts';

function version(text: string) {
  const parsed = parseVersion(text);
  assert.ok(parsed, text);
  return parsed;
}

test('a version reads with a leading v and white space around, and drops its build metadata', () => {
  assert.equal(formatVersion(version('2.1.0')), '2.1.0');
  assert.equal(formatVersion(version('v2.1.0\n')), '2.1.0');
  assert.equal(formatVersion(version('2.1.0-rc.1+build.5')), '2.1.0-rc.1');
});

const refused = [
  '',
  'latest',
  '2',
  '2.1',
  '2.1.0.0',
  '02.1.0',
  '2.1.0-',
  '2.1.0-01',
  '2.1.0-a..b',
  'V2.1.0',
  '2.1.0 beta',
];
for (const text of [...refused, 'da39a3ee', '9007199254740993.0.0', `1.0.0-${'a'.repeat(300)}`]) {
  test(`${JSON.stringify(text.slice(0, 30))} is no version`, () => {
    assert.equal(parseVersion(text), undefined);
  });
}

test('versions stand in the order of the semver specification', () => {
  const ordered = [
    '0.9.9',
    '1.0.0-alpha',
    '1.0.0-alpha.1',
    '1.0.0-alpha.beta',
    '1.0.0-beta',
    '1.0.0-beta.2',
    '1.0.0-beta.11',
    '1.0.0-beta.99999999999999999999',
    '1.0.0-rc.1',
    '1.0.0',
    '1.0.1',
    '1.10.0',
    '2.0.0',
  ];
  const shuffled = ordered.toReversed().map(version);
  assert.deepEqual(shuffled.toSorted(compareVersions).map(formatVersion), ordered);
  assert.equal(compareVersions(version('1.0.0+a'), version('1.0.0+b')), 0);
});
