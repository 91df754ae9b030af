import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { imports } from './sources.ts';

/** So many files in a share: enough to make up for what each begins with, few enough to keep all processors busy to the end. */
const FILES_OF_SHARE = 6;

/** Why a file that looks like one that could share does not. */
export const loners: Readonly<Record<string, string>> = {
  'test/integration/actions/actions.test.ts': 'a thousand StageSets of it would stay',
  'test/integration/log-readers.test.ts': 'it starts controllers',
  'test/integration/sources.test.ts': 'a kind of source is taken away for a while',
  'test/integration/stagesetctl-cluster.test.ts': 'no controller is to be there',
  'test/integration/stagesetctl-get.test.ts': 'no controller is to be there',
  'test/integration/stagesetctl-why-alone.test.ts': 'no controller is to be there',
};

/**
 * Whether the tests of this file need but namespaces of their own and the controller that all scenes share: then
 * several such files can do with one process, one control plane and one controller, which take longer to start than
 * most of the tests take to run.
 */
export function canShare(file: string, source: string): boolean {
  const isScene = imports(source, 'startScene', 'harness/scene.ts');
  const hasHooks = /^(before|after|beforeEach|afterEach)\(/m.test(source);
  return isScene && !hasHooks && !ofItsOwn.test(source) && !(file in loners);
}

/** What starts controllers, replaces the plane, or is about all that is on it. */
const ofItsOwn =
  /\bstartController\b|\bbreakablePlane\b|harness\/(default-install|replica|installed|fault-proxy|helm|webhook-replica|test-plane)\.ts'/;

/** Writes a file for each share, which runs those in it one after the other; gives their paths. */
export async function writeShares(files: readonly string[], folder: string): Promise<readonly string[]> {
  const count = Math.ceil(files.length / FILES_OF_SHARE);
  return Promise.all(
    Array.from({ length: count }, async (_, share) => {
      const own = files.filter((_file, at) => at % count === share);
      const path = join(folder, `share-${share + 1}.test.mjs`);
      await writeFile(path, own.map((file) => `import ${JSON.stringify(pathToFileURL(resolve(file)))};\n`).join(''));
      return path;
    }),
  );
}
