import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { buildFolder } from '../../src/cli/build/build-folder.ts';
import { printBetween } from '../../src/cli/print-objects.ts';
import { type AnsweredCase, bytesOf, type Tree } from './kustomize/case.ts';
import { knownGaps } from './kustomize/known-gaps.ts';

// `stagesetctl build DIR` on a real folder, against what the real kustomize printed of it, to the byte.

const readsAbove: ReadonlySet<string> = new Set(['sources: a file above']);

const home = await mkdtemp(join(tmpdir(), 'kustomize-command-'));
after(() => rm(home, { recursive: true }));

for (const file of ['cases.json', 'found.json']) {
  const text = await readFile(new URL(`kustomize/testdata/${file}`, import.meta.url), 'utf8');
  const cases: readonly AnsweredCase[] = JSON.parse(text);
  for (const [at, { name, files, path, filesFrom, answer }] of cases.entries()) {
    if (knownGaps.has(name)) continue; // kustomize.test.ts tells when one is closed
    test(name, async () => {
      const root = join(home, `${file}-${at}`);
      await plant(files, root);
      const folder = join(root, path);
      const printed = buildFolder(folder, { showSecrets: true }).then((objects) => printBetween(objects, 'yaml'));
      if ('problem' in answer) await assert.rejects(printed);
      // As answered for Flux, which lets a kustomization read files from above it; the command does not.
      else if (filesFrom === 'artifact' && readsAbove.has(name)) await assert.rejects(printed, /is not in or below/);
      else assert.equal(await printed, answer.yaml);
    });
  }
}

async function plant(files: Tree, root: string): Promise<void> {
  await mkdir(root);
  for (const [path, text] of Object.entries(files)) {
    const place = join(root, path);
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, bytesOf(text));
  }
}
