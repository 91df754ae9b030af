import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { packFolder } from '../build/pack-folder.ts';
import { parseSourceDirs, sourceDirOf } from '../build/source-dirs.ts';
import { RuntimeError, whyUnreadable } from '../cli-error.ts';
import { folderRenderer } from '../tasks.ts';
import { tell } from '../tell.ts';
import type { HookFile, ImportWishes } from './imported.ts';

/** The checkouts that --source-dir names. */
export interface LocalSources {
  readonly manifestsOf: ImportWishes['manifestsOf'];
  readonly write: (files: readonly HookFile[]) => Promise<void>;
}

export async function localSources(flags: readonly string[]): Promise<LocalSources> {
  if (flags.length === 0) return { manifestsOf: () => undefined, write: async () => {} };
  const dirs = parseSourceDirs(flags);
  const folders = [...dirs.byStage.values(), ...(dirs.others === undefined ? [] : [dirs.others])];
  const packed = new Map(await Promise.all(folders.map(async (each) => [each, await packFolder(each)] as const)));
  const render = await folderRenderer();
  return {
    manifestsOf: (stage, path) => {
      const folder = path === undefined ? dirs.byStage.get(stage) : sourceDirOf(dirs, { name: stage });
      const files = folder === undefined ? undefined : packed.get(folder);
      if (folder === undefined || files === undefined) return undefined;
      try {
        return render(files, path ?? './');
      } catch (error) {
        throw new RuntimeError(`--source-dir ${folder}: ${error instanceof Error ? error.message : String(error)}`, {
          cause: error,
        });
      }
    },
    write: async (files) => {
      for (const { stage, path, text } of files) {
        const place = join(sourceDirOf(dirs, { name: stage }) ?? '.', path);
        try {
          await mkdir(dirname(place), { recursive: true });
          await writeFile(place, text);
        } catch (error) {
          throw new RuntimeError(`--write-hooks: cannot write ${place}: ${whyUnreadable(error)}`);
        }
        tell(`wrote ${place}`);
      }
    },
  };
}
