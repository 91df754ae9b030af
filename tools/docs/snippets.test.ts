import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandsOf } from './commands.ts';
import { snippetsOf } from './snippets.ts';

test('blocks of a language are found, in lists too, each with its line', () => {
  const text = '# A\n\n```yaml\na: 1\n```\n\n1. b\n\n   ```sh\n   c \\\n     d\n   ```\n\n```\nno\n```\n';
  assert.deepEqual(snippetsOf({ path: 'a.md', text }, 'yaml', 'sh'), [
    { at: 'a.md:4', language: 'yaml', text: 'a: 1\n' },
    { at: 'a.md:10', language: 'sh', text: 'c \\\n  d\n' },
  ]);
});

test('commands are lines, joined where one ends in a backslash, without what a comment says', () => {
  const text = 'a b   # what it does\n\n# alone\nc \\\n  --d="#e" \\\n  f | g\n';
  assert.deepEqual(commandsOf(text), ['a b', 'c --d="#e" f | g']);
});
