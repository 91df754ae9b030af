import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { loadAll } from 'js-yaml';
import type { StageSet } from '../../src/shared/api/types.ts';
import type { Files } from '../publisher/archive.ts';

/** A StageSet and what its sources deliver: `stageset.yaml`, and a folder for each source, named like it. */
export interface Example {
  readonly folder: string;
  readonly stageSet: StageSet;
  readonly sources: ReadonlyMap<string, Files>;
}

const stageSetFile = 'stageset.yaml';

export async function readExample(folder: string): Promise<Example> {
  const entries = await readdir(folder, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory() && !isScratch(entry.name));
  const sources = folders.map(async ({ name }) => [name, await filesIn(join(folder, name))] as const);
  const text = await readFile(join(folder, stageSetFile), 'utf8');
  return { folder, stageSet: stageSetIn(text), sources: new Map(await Promise.all(sources)) };
}

function stageSetIn(text: string): StageSet {
  const [found] = loadAll(text, { filename: stageSetFile }) as readonly (Partial<StageSet> | null)[];
  if (found?.kind === 'StageSet' && found.metadata?.name !== undefined) return found as StageSet;
  throw new Error(`${stageSetFile} holds no StageSet with a name`);
}

/** The folders in this one that hold an example. */
export async function exampleFolders(parent: string): Promise<readonly string[]> {
  const entries = await readdir(parent, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(parent, name));
  return folders.filter((folder) => existsSync(join(folder, stageSetFile))).toSorted();
}

async function filesIn(folder: string): Promise<Files> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !isScratch(entry.name));
  const contents = files.map(async ({ parentPath, name }) => {
    const path = join(parentPath, name);
    return [relative(folder, path).replaceAll(sep, '/'), await readFile(path)] as const;
  });
  return Object.fromEntries(await Promise.all(contents));
}

/** What editors leave beside the file they work on. */
function isScratch(name: string): boolean {
  return name.startsWith('.') || name.endsWith('~');
}
