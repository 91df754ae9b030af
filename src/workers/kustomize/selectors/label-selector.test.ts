import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseLabelSelector } from './label-selector.ts';

const labels = new Map([
  ['app', 'web'],
  ['tier', ''],
  ['n', '12'],
]);

const selected: readonly (readonly [selector: string, isSelected: boolean])[] = [
  ['', true],
  ['app', true],
  ['!app', false],
  ['! gone', true],
  ['app=web', true],
  [' app == web , tier= ', true],
  ['app!=web', false],
  ['gone!=web', true],
  ['app in (db, web)', true],
  ['app notin (db,web)', false],
  ['gone notin (a)', true],
  ['tier in ()', true],
  ['app in (,x)', false],
  ['n>11,n<13', true],
  ['n>12', false],
  ['app>1', false],
  ['example.org/x notin (y)', true],
];

for (const [selector, isSelected] of selected) {
  test(`"${selector}" ${isSelected ? 'selects' : 'does not select'}`, () => {
    assert.equal(parseLabelSelector(selector)(labels), isSelected);
  });
}

for (const selector of [
  '=',
  'app in web',
  'app in (a b)',
  'app in (a',
  'a b',
  'app,',
  'app=a=b',
  '!app=x',
  'a/b/c',
  '-a',
  'app>x',
  'app=a/b',
]) {
  test(`"${selector}" is refused`, () => {
    assert.throws(() => parseLabelSelector(selector), { kind: 'configuration' });
  });
}
