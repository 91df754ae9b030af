import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Option } from 'commander';
import { withoutGoBooleans } from './go-booleans.ts';

const options = [new Option('--show-secrets'), new Option('--as <user>')];

test("a flag that is on or off may say so in Go's words", () => {
  const args = ['build', '--show-secrets=true', '--as=true', '--show-secrets=false', '--show-secrets=maybe'];
  assert.deepEqual(withoutGoBooleans(args, options), ['build', '--show-secrets', '--as=true', '--show-secrets=maybe']);
});

test('behind -- nothing is a flag', () => {
  assert.deepEqual(withoutGoBooleans(['--', '--show-secrets=false'], options), ['--', '--show-secrets=false']);
});

test('one that is on by itself may be turned off', () => {
  const both = [new Option('--prune').default(true), new Option('--no-prune')];
  assert.deepEqual(withoutGoBooleans(['--prune=false', '--prune=true'], both), ['--no-prune', '--prune']);
});
