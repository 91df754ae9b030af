import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../cli-error.ts';
import { type BuildFlags, subjectOf } from './flags.ts';

const flags: BuildFlags = { output: 'yaml' };

test('a folder has a slash or is the dot, anything else is a name', () => {
  for (const folder of ['.', './out', 'a/b', '/abs', '../up', 'out/']) {
    assert.deepEqual(subjectOf(folder, flags), { is: 'folder', folder });
  }
  for (const name of ['out', 'payments', 'a.b-c', '1']) assert.deepEqual(subjectOf(name, flags), { is: 'name', name });
  assert.deepEqual(subjectOf(undefined, { ...flags, filename: '-' }), { is: 'file', file: '-' });
});

const senseless: readonly (readonly [string, string | undefined, Partial<BuildFlags>, RegExp])[] = [
  ['nothing', undefined, {}, /^nothing to build: give the name of a StageSet, a folder such as/],
  ['an empty name', '', {}, /^nothing to build/],
  ['a name and a file', 'web', { filename: 'set.yaml' }, /"web" and -f set\.yaml both say/],
  ['two dots', '..', {}, /"\.\." names no StageSet/],
  ['a name in capitals', 'Web', {}, /"Web" names no StageSet/],
  ['a stage of a folder', './out', { stage: ['a'] }, /^--stage is for StageSets, and "\.\/out" is a folder/],
  ['keys for a folder', '.', { ageKeyFile: ['k'] }, /^--age-key-file is for StageSets/],
  ['a tenant of a folder', '.', { asTenant: true }, /^--as-tenant is for StageSets/],
  ['a tenant without a cluster', undefined, { filename: 'set.yaml', asTenant: true }, /-f asks none/],
];

for (const [what, argument, given, message] of senseless) {
  test(`${what} is a usage error`, () => {
    assert.throws(
      () => subjectOf(argument, { ...flags, ...given }),
      (error) => {
        assert.ok(error instanceof UsageError);
        assert.match(error.message, message);
        return true;
      },
    );
  });
}
