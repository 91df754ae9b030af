import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runbookSuffix } from './reasons.ts';

test('an unhealthy message ends in its runbook', () => {
  assert.equal(
    runbookSuffix('ArtifactNotFound', 'https://runbooks.example/'),
    ' (runbook: https://runbooks.example/artifactnotfound/)',
  );
});

test('no runbook for health, for what was asked for, or without a base URL', () => {
  assert.equal(runbookSuffix('Succeeded', 'https://runbooks.example'), '');
  assert.equal(runbookSuffix('Suspended', 'https://runbooks.example'), '');
  assert.equal(runbookSuffix('StageFailed', ''), '');
});
