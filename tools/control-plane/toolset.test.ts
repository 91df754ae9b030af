import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toolsetKey } from './toolset.ts';

const goMod = Buffer.from('module a');
const goSum = Buffer.from('sum');

test('the key is the same wherever the same things are built', () => {
  assert.equal(toolsetKey([goMod, goSum], 'linux-x64'), toolsetKey([Buffer.from('module a'), goSum], 'linux-x64'));
  assert.match(toolsetKey([goMod, goSum], 'linux-x64'), /^[0-9a-f]{16}$/);
});

test('another module file or platform has another key', () => {
  const keys = [
    toolsetKey([goMod, goSum], 'linux-x64'),
    toolsetKey([goMod, goSum], 'darwin-arm64'),
    toolsetKey([Buffer.from('module b'), goSum], 'linux-x64'),
    toolsetKey([goMod, Buffer.from('sun')], 'linux-x64'),
  ];
  assert.equal(new Set(keys).size, keys.length);
});
