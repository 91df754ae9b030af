import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { test } from 'node:test';
import { anchorsOf, linksOf } from './links.ts';
import { docsFolder, readPages } from './pages.ts';
import { redirectPage, redirectsTo } from './redirects.ts';

const pages = await readPages();
const texts = new Map(pages.map(({ path, text }) => [path, text]));

test('every link leads to a file that is there, and to a heading in it', async () => {
  const broken = [];
  for (const { path, text } of pages) {
    for (const href of linksOf(text)) {
      if (!(await leadsSomewhere(path, href))) broken.push(`${path}: ${href}`);
    }
  }
  assert.deepEqual(broken, []);
});

async function leadsSomewhere(page: string, href: string): Promise<boolean> {
  if (/^[a-z]+:/.test(href)) return true; // elsewhere in the world
  const [file = '', anchor] = href.split('#');
  const target = file === '' ? page : posix.join(posix.dirname(page), file);
  const there = await stat(join(docsFolder, target)).catch(() => undefined);
  if (there === undefined) return false;
  const text = texts.get(target);
  return anchor === undefined || text === undefined || anchorsOf(text).includes(anchor);
}

test('former addresses lead to pages that are there', () => {
  const lost = [...redirectsTo(pages)].filter(([, to]) => !texts.has(to));
  assert.deepEqual(lost, []);
});

test('a link in an alert ends in a slash, and finds its page whatever the site lies below', () => {
  assert.equal(redirectsTo(pages).get('runbooks/stagefailed'), 'runbooks/stagefailed.md');
  assert.match(redirectPage('runbooks/stagefailed', 'runbooks/stagefailed.md'), /url=\.\.\/stagefailed\.html"/);
  assert.match(redirectPage('usage', 'concepts.md'), /url=\.\.\/concepts\.html"/);
});

test('anchors are those that GitHub and the site make', () => {
  assert.deepEqual(anchorsOf('# A b\n## `c`, d: E!\n```\n# no\n```\n## A b\n### x_y-z [l](m.md)\n'), [
    'a-b',
    'c-d-e',
    'a-b-1',
    'x_y-z-l',
  ]);
});
