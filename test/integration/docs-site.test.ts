import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { glob, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { readPages } from '../../tools/docs/pages.ts';
import { redirectsTo } from '../../tools/docs/redirects.ts';

const root = join(import.meta.dirname, '..', '..');

test('the site is built: every page, search, former addresses, and the texts for agents', async (t) => {
  const dist = await mkdtemp(join(tmpdir(), 'docs-site-'));
  t.after(() => rm(dist, { recursive: true }));
  // The generator fails by itself where a link leads to no page.
  await promisify(execFile)(process.execPath, ['tools/docs.ts', `--out-dir=${dist}`], { cwd: root, timeout: 300_000 });

  const files = new Set(await Array.fromAsync(glob('**/*.*', { cwd: dist })));
  const pages = await readPages();
  const wanted = [
    ...pages.map(({ path }) => path.replace(/\.md$/, '.html')),
    ...pages.map(({ path }) => path),
    ...[...redirectsTo(pages).keys()].map((from) => `${from}/index.html`),
    'llms.txt',
    'llms-full.txt',
  ];
  assert.deepEqual(
    wanted.filter((file) => !files.has(file)),
    [],
  );
  assert.ok(
    [...files].some((file) => file.includes('localSearchIndex')),
    'an index to search in',
  );

  const all = await readFile(join(dist, 'llms-full.txt'), 'utf8');
  for (const { path, text } of pages) if (path !== 'index.md') assert.ok(all.includes(text.trim()), path);
  const index = await readFile(join(dist, 'llms.txt'), 'utf8');
  assert.match(index, /^- \[StageFailed\]\(runbooks\/stagefailed\.md\): .+\.$/m);
});
