// Writes every generated file; with --check only says which are not as they should be.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as api from './generate/api.ts';
import * as chart from './generate/chart.ts';
import * as dashboard from './generate/dashboard.ts';
import * as flags from './generate/flags.ts';
import * as reasons from './generate/reasons.ts';

interface Generator {
  /** Contents by path from the repository's root. */
  generatedFiles(): Promise<ReadonlyMap<string, string>>;
}

const generators: readonly Generator[] = [api, chart, flags, reasons, dashboard];

const root = join(import.meta.dirname, '..');
const files = (await Promise.all(generators.map((generator) => generator.generatedFiles()))).flatMap((map) => [...map]);
const stale = [];
for (const [path, content] of files) {
  const current = await readFile(join(root, path), 'utf8').catch(() => undefined);
  if (current !== content) stale.push({ path, content });
}

if (process.argv.includes('--check')) {
  for (const { path } of stale) console.log(`${path} is not what its source generates`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const { path, content } of stale) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
    console.log(`wrote ${path}`);
  }
}
