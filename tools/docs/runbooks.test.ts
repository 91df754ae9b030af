import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Reason, reasons, runbookSlug } from '../../src/shared/api/reasons.ts';
import { shippedAlerts } from '../../test/support/alert-rules.ts';
import { isRunbook } from './navigation.ts';
import { readPages } from './pages.ts';

const pages = await readPages();

test('there is a runbook for each reason and each alert, and no other', async () => {
  const ofReasons = Object.keys(reasons).map((reason) => runbookSlug(reason as Reason));
  // One alert is about reasons, and leads to the page of the one that it has found.
  const ofAlerts = (await shippedAlerts()).alerts.map(({ runbook }) => runbook).filter((slug) => !slug.includes('{{'));
  const wanted = [...ofReasons, ...ofAlerts].map((slug) => `runbooks/${slug}.md`);
  assert.deepEqual(
    pages.filter(isRunbook).map(({ path }) => path),
    wanted.toSorted(),
  );
});

test('every runbook goes from what one sees to what one does', () => {
  for (const { path, text } of pages.filter(isRunbook)) {
    const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    assert.deepEqual(headings, ['Symptom', 'Meaning', 'Look', 'Mend'], path);
  }
});

test('the list of runbooks has each of them, and each alert', async () => {
  const index = pages.find(({ path }) => path === 'runbooks/index.md')?.text ?? '';
  const listed = [...index.matchAll(/\]\(([a-z-]+\.md)\)/g)].map(([, path]) => `runbooks/${path}`);
  assert.deepEqual(
    listed.toSorted(),
    pages.filter(isRunbook).map(({ path }) => path),
  );
  for (const { alert } of (await shippedAlerts()).alerts) assert.ok(index.includes(`\`${alert}\``), alert);
});
