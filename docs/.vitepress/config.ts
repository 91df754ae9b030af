import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { defineConfig } from 'vitepress';
import { linksWithinSite } from '../../tools/docs/links-within-site.ts';
import { llmsFull, llmsIndex } from '../../tools/docs/llms.ts';
import { navigationOf } from '../../tools/docs/navigation.ts';
import { readPages } from '../../tools/docs/pages.ts';
import { redirectPage, redirectsTo } from '../../tools/docs/redirects.ts';

const pages = await readPages();

export default defineConfig({
  title: 'stageset-controller',
  description: 'Ordered, gated, multi-stage delivery of Flux artifacts on Kubernetes',
  lang: 'en',
  // Where the site lies below its host, such as /docs/.
  base: process.env.DOCS_BASE ?? '/',
  lastUpdated: false,
  markdown: { config: (markdown) => markdown.use(linksWithinSite) },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Quickstart', link: '/quickstart' },
      { text: 'API', link: '/reference/api' },
      { text: 'Runbooks', link: '/runbooks/' },
    ],
    sidebar: navigationOf(pages).map(({ title, pages: inGroup }) => ({
      text: title,
      collapsed: title === 'Runbooks',
      items: inGroup.map((page) => ({ text: page.title, link: `/${page.path.replace(/(?:index)?\.md$/, '')}` })),
    })),
  },
  async buildEnd({ outDir }) {
    await writeFile(join(outDir, 'llms.txt'), llmsIndex(pages));
    await writeFile(join(outDir, 'llms-full.txt'), llmsFull(pages));
    for (const { path, text } of pages) {
      await mkdir(dirname(join(outDir, path)), { recursive: true });
      await writeFile(join(outDir, path), text); // for agents: llms.txt links to these
    }
    for (const [from, to] of redirectsTo(pages)) {
      const file = join(outDir, from, 'index.html');
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, redirectPage(from, to));
    }
  },
});
