import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstSentence, llmsFull, llmsIndex } from './llms.ts';

const page = {
  path: 'concepts.md',
  title: 'Concepts',
  text: '# Concepts\n\n```\ncode\n```\n\nOne [thing](a.md). Another.\n',
};

test('the index links each page, with its first sentence', () => {
  assert.match(llmsIndex([page]), /^## Start\n\n- \[Concepts\]\(concepts\.md\): One thing\.\n$/m);
});

test('what a runbook is about stands under Meaning', () => {
  assert.equal(
    firstSentence('# X\n\n## Symptom\n\nYou see x.\n\n## Meaning\n\nIt is 1.5 times\ntoo late. So wait.\n'),
    'It is 1.5 times too late.',
  );
});

test('the full text has all pages, each under its path', () => {
  assert.match(llmsFull([page]), /^Page: concepts\.md\n\n# Concepts$/m);
});
