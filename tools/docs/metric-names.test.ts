import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPages } from './pages.ts';

const series = /\b(?:stageset|controller_runtime|workqueue|rest_client|leader_election)_[a-z_]+[a-z]\b/g;

test('every metric that a page names is in the table of metrics', async () => {
  const pages = await readPages();
  const table = pages.find(({ path }) => path === 'metrics.md')?.text ?? '';
  const known = new Set([...table.matchAll(series)].map(([name]) => name));
  for (const { path, text } of pages) {
    const unknown = [...text.matchAll(series)].map(([name]) => name.replace(/_(?:bucket|sum|count)$/, ''));
    assert.deepEqual(
      unknown.filter((name) => !known.has(name) && !known.has(`${name}_total`)),
      [],
      path,
    );
  }
});
