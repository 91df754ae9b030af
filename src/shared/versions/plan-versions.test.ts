import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareVersions, parseVersion, type Version } from '../semver/version.ts';
import { planVersions, type Rung } from './plan-versions.ts';

const version = (text: string): Version => parseVersion(text)!;

/** `to`, or `from -> to`; each rung is named after what it says. */
function ladderOf(...texts: readonly string[]): readonly Rung[] {
  return texts.map((name) => {
    const [to, from] = name.split(' -> ').toReversed();
    return { name, to: to!, ...(from !== undefined && { from }) };
  });
}

const ladder = ladderOf(
  '2.0.0',
  '1.* -> 2.0.0',
  '1.5.0',
  '<1 -> 3.0.0',
  '3.0.0',
  '2.0.0-rc.1',
  '3.0.0-rc.1',
  'v2.0.0+build',
);

const cases: readonly (readonly [current: string | undefined, desired: string, want: string | readonly string[]])[] = [
  [undefined, '9.0.0', 'first'],
  ['1.0.0', '1.0.0', 'same'],
  ['1.0.0', 'v1.0.0+other', 'same'],
  ['2.0.0', '1.9.9', 'down'],
  ['2.0.0', '2.0.0-rc.1', 'down'],
  ['1.0.0', '1.4.9', []],
  ['1.0.0', '1.5.0', ['1.5.0']],
  ['1.5.0', '2.0.0-rc.1', ['2.0.0-rc.1']],
  ['1.5.0', '2.0.0', ['2.0.0-rc.1', '2.0.0', '1.* -> 2.0.0', 'v2.0.0+build']],
  ['2.0.0-rc.1', '2.0.0', ['2.0.0', 'v2.0.0+build']], // a prerelease satisfies no constraint that names none
  ['2.0.0', '3.0.0-rc.1', ['3.0.0-rc.1']],
  ['0.9.0', '9.0.0', ['1.5.0', '2.0.0-rc.1', '2.0.0', 'v2.0.0+build', '3.0.0-rc.1', '<1 -> 3.0.0', '3.0.0']],
  ['3.0.0', '9.0.0', []],
];

for (const [current, desired, want] of cases) {
  test(`from ${current ?? 'nothing'} to ${desired}`, () => {
    const plan = planVersions(ladder, current === undefined ? undefined : version(current), version(desired));
    assert.deepEqual(plan.direction === 'up' ? plan.migrations.map(({ name }) => name) : plan.direction, want);
  });
}

test('each rung is crossed once, whatever the steps', () => {
  const numbers = Array.from({ length: 27 }, (_, n) => `${Math.floor(n / 9)}.${Math.floor(n / 3) % 3}.${n % 3}`);
  const rungs = ladderOf(...numbers.slice(1));
  for (let stride = 1; stride < numbers.length; stride += 1) {
    const crossed: string[] = [];
    let current = version('0.0.0');
    for (let at = stride; at < numbers.length; at += stride) {
      const desired = version(numbers[at]!);
      const plan = planVersions(rungs.toReversed(), current, desired);
      assert.ok(plan.direction === 'up');
      crossed.push(...plan.migrations.map(({ name }) => name));
      current = desired;
    }
    assert.deepEqual(
      crossed,
      rungs.filter(({ to }) => compareVersions(version(to), current) <= 0).map(({ name }) => name),
    );
  }
});

test('what was not validated is not passed over', () => {
  assert.throws(() => planVersions(ladderOf('later'), version('1.0.0'), version('2.0.0')), /"later"/);
  assert.throws(() => planVersions(ladderOf('?? -> 2.0.0'), version('1.0.0'), version('2.0.0')), /was not validated/);
});
