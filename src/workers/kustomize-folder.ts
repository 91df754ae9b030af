import { readdirSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { joinPath } from '../shared/protocol/artifact-path.ts';
import { compareBytes, type DirectoryEntry, type Files } from '../shared/protocol/file-map.ts';
import { artifactLimits } from '../shared/protocol/limits.ts';
import { TaskError } from '../shared/protocol/task-error.ts';
import type { CancelFlag } from '../shared/protocol/tasks.ts';
import { buildKustomization, type KustomizedObject } from './kustomize/build-kustomization.ts';
import { quoted } from './quoted.ts';

export type KustomizedFolder = readonly KustomizedObject[];

/**
 * What `kustomize build` prints of a folder of this machine, given by its absolute path. Bases lie beside it and above,
 * so no map of files is made: what the build asks for is read when it asks. For stagesetctl; the controller's workers
 * read no disk.
 */
export function kustomizeFolder(folder: string, flag: CancelFlag): KustomizedFolder {
  const options = { order: 'legacy', filesFrom: 'kustomization', patches: [], flag } as const;
  return buildKustomization(filesOnDisk, folder.slice(1), options).objects;
}

const filesOnDisk: Files = {
  read(path) {
    const found = lookAt(path);
    if (found?.isFile() !== true) return undefined;
    if (found.size > artifactLimits.entryBytes) {
      const limitMiB = artifactLimits.entryBytes / 1024 / 1024;
      throw new TaskError('limitExceeded', `${quoted(path)} is over ${limitMiB} MiB`);
    }
    return orRefused(path, () => readFileSync(`/${path}`));
  },
  list(directory) {
    if (lookAt(directory)?.isDirectory() !== true) return undefined;
    const names = orRefused(directory, () => readdirSync(`/${directory}`));
    return names?.toSorted(compareBytes).flatMap((name) => entryOf(directory, name) ?? []);
  },
  realPath: (path) => orRefused(path, () => realpathSync(`/${path}`).slice(1)) ?? path,
};

function entryOf(directory: string, name: string): DirectoryEntry | undefined {
  const found = lookAt(joinPath(directory, name));
  if (found?.isFile()) return { name, kind: 'file' };
  return found?.isDirectory() ? { name, kind: 'directory' } : undefined;
}

/** Undefined where nothing is; links are followed. */
function lookAt(path: string): Stats | undefined {
  return orRefused(path, () => statSync(`/${path}`, { throwIfNoEntry: false }));
}

function orRefused<T>(path: string, look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    // A file in the place of a folder, or links that go round: either way there is nothing of this name.
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return undefined;
    const why = code === 'EACCES' ? 'permission denied' : code;
    throw new TaskError('missingPath', `${quoted(path)} cannot be read: ${why}`);
  }
}
