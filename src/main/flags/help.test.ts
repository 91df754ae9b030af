import assert from 'node:assert/strict';
import { test } from 'node:test';
import { helpText } from './help.ts';
import { flagGroups, flags } from './table.ts';

const help = helpText('stageset-controller', flagGroups);

test('help names every flag, under the title of its group', () => {
  for (const flag of Object.values(flags)) assert.ok(help.includes(`\n  --${flag.name}`), flag.name);
  const titles = flagGroups.map(({ title }) => help.indexOf(`\n${title}:\n`));
  assert.ok(titles.every((at, i) => at > (titles[i - 1] ?? 0)));
});

test('no two flags have one name', () => {
  const names = flagGroups.flatMap((group) => Object.values(group.flags).map(({ name }) => name));
  assert.deepEqual(names, [...new Set(names)]);
});

test('help fits into 80 columns', () => {
  const wide = help.split('\n').filter((line) => line.length > 80);
  assert.deepEqual(wide, []);
});

test('help tells the defaults, as one would write them, and the environment', () => {
  const text = help.replaceAll(/\s+/g, ' ');
  for (const told of [
    'does not count. Default: 16.',
    'spec.interval. Default: 10m.',
    'of zap: panic is error, a number above 0 debug. --zap-encoder',
    '0: nowhere. Default: :8081.',
    'Also from $STAGESET_WATCH_NAMESPACES.',
  ]) {
    assert.ok(text.includes(told), told);
  }
});
