import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiReference } from './api-reference.ts';

const page = apiReference();

test('every link leads to a heading, and no two headings share an anchor', () => {
  const anchors = [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^a-z0-9 -]/g, '')
      .replaceAll(' ', '-'),
  );
  assert.equal(new Set(anchors).size, anchors.length);
  const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor);
  assert.ok(links.length > 30);
  assert.deepEqual(
    links.filter((anchor) => !anchors.includes(anchor ?? '')),
    [],
  );
});

test('a row tells type, default, description and rules of a field', () => {
  assert.match(page, /^\| `timeout` \| duration \| 15m \| How long any one stage .* \*More than 0\.\* \|$/m);
  assert.match(page, /^\| `retries` \| integer \| 0 \| .* \*From 0 to 100\.\* \|$/m);
  assert.match(page, /^\| `stages` \| list of \[object\]\(#stageset-specstages\) \| \*\*required\*\* \|/m);
});

test('every row has four cells, whatever its text holds', () => {
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  assert.ok(rows.length > 150);
  assert.deepEqual(
    rows.filter((row) => row.replaceAll('\\|', '').split('|').length !== 6),
    [],
  );
});
