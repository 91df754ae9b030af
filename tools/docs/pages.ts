import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A page of `docs/`: its path from there, and its text. */
export interface Page {
  readonly path: string;
  readonly title: string;
  readonly text: string;
}

export const docsFolder = join(import.meta.dirname, '..', '..', 'docs');

export async function readPages(folder = docsFolder): Promise<readonly Page[]> {
  const paths = (
    await Array.fromAsync(glob('**/*.md', { cwd: folder, exclude: ['**/node_modules', '.vitepress'] }))
  ).toSorted();
  return await Promise.all(
    paths.map(async (path) => {
      const text = await readFile(join(folder, path), 'utf8');
      return { path, title: titleOf(text) ?? path, text };
    }),
  );
}

export function titleOf(text: string): string | undefined {
  return /^# (.+)$/m.exec(text)?.[1]?.replaceAll('`', '');
}
