import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../cli-error.ts';
import { comparisonOf, type DiffFlags } from './flags.ts';

const none: DiffFlags = { serverSide: true, prune: true, color: 'auto', exitCode: true };
const folders = { from: ['a'], to: ['b'], filename: 'set.yaml' };

test('a name means a cluster, folders mean none', () => {
  assert.deepEqual(comparisonOf('shop', none), { is: 'with cluster', name: 'shop' });
  const between = { is: 'between folders', file: 'set.yaml', from: ['a'], to: ['b'] };
  assert.deepEqual(comparisonOf(undefined, { ...none, ...folders }), between);
});

const mistakes: readonly (readonly [string | undefined, Partial<DiffFlags>, RegExp])[] = [
  [undefined, {}, /nothing to compare/],
  ['', {}, /nothing to compare/],
  ['./out', {}, /names no StageSet/],
  ['shop', folders, /give one or the other/],
  [undefined, { from: ['a'] }, /go together/],
  [undefined, { filename: 'set.yaml' }, /go together/],
  [undefined, { ...folders, sourceDir: ['a'] }, /^--source-dir is for a comparison with a cluster/],
  [undefined, { ...folders, asTenant: true }, /^--as-tenant is/],
  [undefined, { ...folders, serverSide: false }, /^--server-side=false is/],
];

for (const [name, flags, message] of mistakes) {
  test(`${name} ${JSON.stringify(flags)} is a mistake`, () => {
    const ask = () => comparisonOf(name, { ...none, ...flags });
    assert.throws(ask, (error: Error) => error instanceof UsageError && message.test(error.message));
  });
}
