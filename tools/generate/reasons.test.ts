import assert from 'node:assert/strict';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { isReason } from '../../src/shared/api/reasons.ts';
import { events, generatedFiles } from './reasons.ts';

const source = join(import.meta.dirname, '..', '..', 'src', 'main');

test('every event that the controller writes is documented, and no other', async () => {
  const written = new Set<string>();
  for await (const path of glob('**/*.ts', { cwd: source })) {
    if (path.endsWith('.test.ts')) continue;
    const text = await readFile(join(source, path), 'utf8');
    for (const [, name = ''] of text.matchAll(/type: '(?:Normal|Warning)',\s+reason: '(\w+)'/g)) written.add(name);
  }
  assert.deepEqual([...written].filter((name) => !isReason(name)).toSorted(), Object.keys(events).toSorted());
});

test('the page has a row for each alert, with its threshold and its runbook', async () => {
  const page = (await generatedFiles()).get('docs/reference/reasons.md') ?? '';
  assert.match(
    page,
    /^\| `StageSetControllerPodDown` \| critical \| 5m \| .+\]\(\.\.\/runbooks\/controller-pod-down\.md\) \|$/m,
  );
  assert.match(page, /^\| `StageSetReconcileErrorsHigh` \| .+\]\(\.\.\/runbooks\/index\.md\) \|$/m);
});
